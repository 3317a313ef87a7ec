/** The part of the signed-in page that tells how the sign-in was proven. */
import { describe, expect, it } from 'vitest'
import { type SignedInView, signedInPage } from '../../lib/http/pages/home.ts'
import { textOf, VAULT_PROOF, VIEW } from './signedInView.ts'

const { clientAuthentication: _, ...FOR_ANOTHER_API } = VIEW

describe('the proof on the signed-in page', () => {
  it('shows every member of the assertion with its value and the section that defines it', () => {
    const { html } = signedInPage(VIEW)
    const members = { ...VAULT_PROOF.header, ...VAULT_PROOF.claims }

    for (const [name, value] of Object.entries(members)) {
      const row = new RegExp(`<div><dt><code>${name}</code></dt>.*?</div>`, 's').exec(html)?.[0] ?? ''
      expect(textOf(row), name).toContain(String(value))
      expect(row, name).toMatch(/RFC 75\d\d §/)
    }
    expect(html).toContain('<time datetime="2001-09-09T01:56:40Z">')
    expect(textOf(html)).toContain('it lives 10 minutes')
  })

  it('says of each member of the assertion, in a sentence of its own, what it means', () => {
    const meanings = Object.values(explainedIn(VAULT_PROOF)).map(({ meaning }) => meaning)

    expect(new Set(meanings).size).toBe(10)
    for (const meaning of meanings) expect(meaning).toMatch(/^[A-Z][^<]{20,}\.$/)
  })

  it('says of an older algorithm, an older thumbprint and a type of its own what they are', () => {
    const header = { alg: 'RS256', typ: 'client-authentication+jwt', x5t: 'of-sha-1' } as const
    const [usual, older] = [explainedIn(VAULT_PROOF), explainedIn({ ...VAULT_PROOF, header })]

    expect([usual.alg?.spec, usual['x5t#S256']?.spec]).toEqual(['RFC 7518 §3.5', 'RFC 7515 §4.1.8'])
    expect([older.alg?.spec, older.x5t?.spec]).toEqual(['RFC 7518 §3.3', 'RFC 7515 §4.1.7'])
    expect([usual.alg?.meaning, older.alg?.meaning]).toEqual([
      expect.stringContaining('RSA-PSS'),
      expect.stringContaining('as older chips do'),
    ])
    expect([usual.typ?.meaning, older.typ?.meaning]).toEqual([
      expect.stringContaining('a JSON Web Token'),
      expect.stringContaining('by which a client proves itself'),
    ])
    expect(older.x5t?.value).toBe('of-sha-1')
  })

  it.each([
    [119, '119 seconds'],
    [120, '2 minutes'],
    [179, '2 minutes'],
  ])('says how long an assertion of %i seconds lives: %s', (seconds, told) => {
    const claims = { ...VAULT_PROOF.claims, exp: VAULT_PROOF.claims.iat + seconds }

    expect(explainedIn({ ...VAULT_PROOF, claims }).exp?.meaning).toContain(`it lives ${told}.`)
  })

  it('names the key of a source that is no vault, with the certificate that goes with it', () => {
    const certificate = { name: 'signing', version: 'serial-7', thumbprintS256: 's', thumbprintSha1: 't' }
    const proof = { ...VAULT_PROOF, method: 'tpm', keyId: '0x81000001', certificate } as const
    const { html } = signedInPage({ ...VIEW, proof })

    expect(html).toContain('<dt>Key</dt><dd><code>0x81000001</code></dd>')
    expect(html).toContain('<dt>Certificate</dt><dd><code>serial-7</code></dd>')
    expect(textOf(html)).toContain('The TPM signed')
    expect(signedInPage(VIEW).html).not.toContain('<dt>Certificate</dt>')
  })

  it('tells how the sign-in was proven in three steps, and what Entra did with the proof', () => {
    const { html } = signedInPage(VIEW)

    expect([...html.matchAll(/<h3>(.*?)<\/h3>/g)].map(([, title]) => title)).toEqual([
      'Key Vault signed',
      'The app showed the assertion',
      'Entra accepted it',
    ])
    expect(textOf(html)).toContain('Entra checked the proof, then issued your ID token')
  })

  it('has a long address break after its slashes', () => {
    const claims = { ...VAULT_PROOF.claims, aud: 'https://login.example/tenant/v2.0' }
    const { aud } = explainedIn({ ...VAULT_PROOF, claims })

    expect(aud?.value).toBe('https://login.example/<wbr>tenant/<wbr>v2.0<wbr>')
  })

  it('speaks of no key and no assertion that the proof does not have', () => {
    const { html } = signedInPage({ ...VIEW, proof: { method: 'pem' } })

    expect(textOf(html)).toContain('A key in a file signed')
    expect(html).not.toMatch(/<dt>Key<|<h4>|class="fields"/)
  })

  it('names vault, key and version that signed', () => {
    const facts = [...signedInPage(VIEW).html.matchAll(/<dt>(Vault|Key|Version)<\/dt><dd><code>([^<]*)</g)]

    expect(facts.map(([, term, value]) => [term, value])).toEqual([
      ['Vault', 'contoso.vault.azure.net'],
      ['Key', 'signing'],
      ['Version', '5f1c0e8a'],
    ])
  })

  it.each([
    'urn:key:<b>1',
    'https://contoso.vault.azure.net/keys/signing',
    'https://contoso.vault.azure.net/secrets/signing/1',
    'https://contoso.vault.azure.net/keys',
    'no address at all',
  ])('shows the key id %s, which is of another shape, whole', (keyId) => {
    const { html } = signedInPage({ ...VIEW, proof: { ...VAULT_PROOF, keyId } })
    const [, shown = ''] = /<dt>Key<\/dt><dd>(.*?)<\/dd>/.exec(html) ?? []

    expect(textOf(shown)).toBe(keyId)
  })

  it.each([
    ['azpacr', '2', 'no secret was used, though not which key', 'version 2.0'],
    ['appidacr', '2', 'a federated credential shows as 2 as well', 'version 1.0'],
    ['azpacr', '1', 'This app has none: please tell whoever runs it', 'version 2.0'],
    ['azpacr', '0', 'a public client, which proves nothing', 'version 2.0'],
    ['azpacr', '7', 'not among those that Microsoft documents', 'version 2.0'],
    ['azpacr', 'constructor', 'not among those that Microsoft documents', 'version 2.0'],
    ['azpacr', '__proto__', 'not among those that Microsoft documents', 'version 2.0'],
  ] as const)('explains %s = %s without claiming more than it says', (claim, value, meaning, version) => {
    const { html } = signedInPage({ ...VIEW, clientAuthentication: { claim, value } })

    expect(html).toContain(`<dt><code>${claim}</code></dt><dd><code>${value}</code>`)
    expect(textOf(html)).toContain(meaning)
    expect(html).toContain(`>Access token, ${version}<`)
  })

  it('says that a token for another API is not read', () => {
    const text = textOf(signedInPage(FOR_ANOTHER_API).html)

    expect(text).toContain('meant for another API')
    expect(text).not.toContain('it noted how')
  })

  it('speaks of no key and no vault where a managed identity vouched for the app', () => {
    const text = textOf(signedInPage({ ...VIEW, proof: { method: 'managed-identity' } }).html)

    expect(text).toContain('This app has no key at all')
    expect(text).not.toMatch(/Key Vault|x5t|RFC 7523/)
  })
})

/** What the page says of each member of the assertion. */
function explainedIn(proof: SignedInView['proof']) {
  const fields = signedInPage({ ...VIEW, proof }).html.matchAll(
    /<dt><code>([^<]*)<\/code><\/dt>\n<dd class="value"><code>(.*?)<\/code><\/dd>\n<dd class="meaning">([^<]*)<\/dd>\n<dd class="spec">([^<]*)</g,
  )
  return Object.fromEntries(
    [...fields].map(([, name = '', value = '', meaning = '', spec = '']) => [name, { value, meaning, spec }]),
  )
}
