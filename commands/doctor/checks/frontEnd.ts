/** Whether what FRONT_END_URL names has a first page to pass on: what the app would do with its answer decides. */

import type { FetchAnswer } from '../../../lib/base/plainFetch.ts'
import type { FrontEnd } from '../../../lib/config/frontEnd.ts'
import { addressUnder, ownAddress } from '../../../lib/http/proxy/ownAddress.ts'
import { answerText } from '../answerText.ts'
import { type Check, fail, pass } from '../check.ts'
import type { Examination } from '../examination.ts'
import { networkFault } from '../networkFault.ts'

/** As long as the app waits. Milliseconds. */
const DEADLINE_MS = 20_000

export const frontEnd: Check = {
  id: 'front-end',
  title: 'The front end answers at FRONT_END_URL',
  method:
    'Asks for its first page, as the app does: 200 or a redirect within, and not this app itself. Only with `FRONT_END_URL`.',
  needs: ['settings'],
  concerns: (config) => config.frontEnd !== undefined,
  async examine(examination) {
    const { url: base } = examination.config.frontEnd as FrontEnd
    const url = addressUnder(base, '/', '')
    const fix = examination.commands.setSettings(['FRONT_END_URL'])
    const answer = await ask(url, examination)
    if ('fault' in answer) return fail(`No front end answers at ${url} (${answer.fault}).`, fix)
    const { status, headers } = answer
    if (headers.has('x-correlation-id') && (await isThisApp(base, examination)))
      return fail(`FRONT_END_URL leads to this app itself: at ${url} it would ask itself.`, fix)
    const location = headers.get('location')
    if (status >= 300 && status < 400) {
      if (location === null) return fail(`${url} answers with status ${status}, which leads nowhere.`, fix)
      const path = ownAddress(location, { url, base, own: '' })
      const seen = `${url} redirects to ${hostOf(location, url)}`
      return path === undefined
        ? fail(`${seen}, which is not under FRONT_END_URL: browsers are not sent there.`, fix)
        : pass(`${seen}, which is under FRONT_END_URL.`)
    }
    if (status === 401)
      return fail(
        `${url} wants a sign-in of its own (status ${status}): the app brings no credential along.`,
        fix,
      )
    return status === 200
      ? pass(`${url} answers with a first page.`)
      : fail(`${url} has no first page (status ${status}).`, fix)
  },
}

type Answer = { readonly fault: string } | FetchAnswer

async function ask(url: string, { effects }: Examination): Promise<Answer> {
  try {
    return await effects.fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(DEADLINE_MS) })
  } catch (fault) {
    return { fault: networkFault(fault) }
  }
}

/** By another name than PUBLIC_URL, which the settings already refuse. */
async function isThisApp(base: string, examination: Examination): Promise<boolean> {
  const live = await ask(`${new URL(base).origin}${examination.config.app.basePath}/health/live`, examination)
  if ('fault' in live || live.status !== 200 || !live.headers.has('x-correlation-id')) return false
  const text = await answerText(live).catch(() => '')
  return /"status":\s*"live"/.test(text)
}

function hostOf(location: string, url: string): string {
  return URL.parse(location, url)?.host ?? 'no address'
}
