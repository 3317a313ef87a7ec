/** CREDENTIAL=tpm on a desk: a person signs in with a browser, and a TPM signed what proved the app. */
import { expect, test } from 'vitest'
import { missingTpmProgram } from '../../local/tpm/openTpm.ts'
import { signIn } from '../support/atBrowser.ts'
import { findBrowser, launchBrowser } from '../support/browser.ts'
import { describeWith } from '../support/describeWith.ts'
import { openStart } from '../support/openStart.ts'
import { BY_SCRIPT } from '../support/screens.ts'

const tpm = missingTpmProgram() === undefined ? 'yes' : undefined

describeWith({ Chromium: findBrowser(), 'swtpm and tpm2-tools': tpm }, 'a desk with a TPM', () => {
  test('signs a person in by an assertion that the TPM signed, and the page says so', async () => {
    const started = await openStart([], undefined, { CREDENTIAL: 'tpm' })
    const browser = await launchBrowser()
    try {
      const page = await browser.newPage({ baseURL: `http://localhost:${started.port}` })
      await signIn(page, 'Ada Lindqvist', '/auth')
      await page.getByRole('heading', { name: 'The TPM signed' }).waitFor()
      const text = await page.locator('section.proof').innerText()
      expect(text).toContain('tpm:0x81010001')
      expect(text).toMatch(/azpacr\s+2/)

      const answer = await page.request.get('/auth/session', { headers: BY_SCRIPT })
      expect((await answer.json()).clientProof).toMatchObject({
        method: 'tpm',
        keyId: 'tpm:0x81010001',
        claim: 'azpacr',
        value: '2',
      })
    } finally {
      await Promise.all([browser.close(), started.close()])
    }
  }, 90_000)
})
