import { randomBytes } from 'node:crypto'
import { TableClient } from '@azure/data-tables'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { commandEffects } from '../../../commands/commandEffects.ts'
import { ownDeskTarget } from '../../../commands/walkthrough/deskTarget.ts'
import { createTranscript } from '../../../commands/walkthrough/transcript.ts'
import { walkThrough } from '../../../commands/walkthrough/walkThrough.ts'
import type { Config } from '../../../lib/config/config.ts'
import { NOTHING_YET } from '../../../lib/rotation/state.ts'
import { TABLE_NAME } from '../../../lib/session/table.ts'
import type { Fault } from '../../../local/entra/wire/fault.ts'
import { outcomeOf } from '../../support/faultOf.ts'
import { watchSecrets } from '../../support/watchSecrets.ts'
import { withoutChance } from './withoutChance.ts'

const REDIRECT_URI = 'http://localhost:8400'
const NAMES = { thumbprintS256: '', thumbprintSha1: '', expiresAtMs: 8.64e15 }
const watch = watchSecrets(commandEffects.fetch)
vi.spyOn(commandEffects, 'fetch').mockImplementation(watch.fetch)
const target = await ownDeskTarget(REDIRECT_URI)
const { desk, signInAs } = target
const { entra, vault, registration } = desk
afterAll(() => target.close())

beforeEach(() => {
  entra.registerApplication({ ...registration, redirectUris: [REDIRECT_URI] })
  vault.permissions.add('keys/sign/action')
})

const tokenRequests = () => entra.log.filter(({ kind }) => kind === 'token').length

interface Wanted {
  /** What is pasted, knowing the address that Ada's browser would end at. */
  readonly paste?: (address: string) => string | undefined
  readonly reveal?: boolean
  readonly clientCredentials?: boolean
  readonly scopes?: readonly string[]
  /** Where the app would have written down which version signs. */
  readonly hasTable?: boolean
  readonly settings?: Partial<Config>
}

async function walk(wanted: Wanted) {
  const { paste = (address) => address, reveal = false, clientCredentials = false } = wanted
  const { scopes = target.config.scopes, hasTable = target.hasTable, settings = {} } = wanted
  let text = ''
  const write = (part: string): void => {
    text += part
  }
  const transcript = createTranscript({ write, hasColour: false, reveal })
  const askForAnswer = async (url: string) => paste(await signInAs('Ada', url))
  const hasSucceeded = await walkThrough({
    target: { ...target, hasTable, config: { ...target.config, ...settings, scopes } },
    transcript,
    askForAnswer,
    clientCredentials,
  })
  return { hasSucceeded, text, said: text.replace(/\s+/g, ' ') }
}

test('the transcript of a whole walk is this one', async () => {
  const { hasSucceeded, text } = await walk({ clientCredentials: true })

  expect(hasSucceeded).toBe(true)
  await expect(withoutChance(text)).toMatchFileSnapshot('../../golden/walkthrough.txt')
})

test('no code, token, verifier, assertion or signature is shown, unless all of them are to be', async () => {
  const secretsIn = async (wanted: Wanted) => {
    const known = watch.secrets.size
    const { text } = await walk(wanted)
    const secrets = [...watch.secrets].slice(known)
    return { all: secrets.length, shown: secrets.filter((secret) => text.includes(secret)).length }
  }
  const { all, shown } = await secretsIn({ clientCredentials: true })
  expect([all > 8, shown]).toEqual([true, 0])
  const revealed = await secretsIn({ clientCredentials: true, reveal: true })
  expect(revealed.shown).toBe(revealed.all)
})

test('the version that signs is the one that the app signs with: that of the row, whatever its age, else by age', async () => {
  const client = new TableClient(desk.tables.url, TABLE_NAME, target.identity)
  await client.createTable()
  const [named] = vault.versions()
  const young = await vault.rotate()
  entra.registerCertificate(desk.clientId, young.der)
  const signedBy = ({ text }: { readonly text: string }) =>
    [named, young].filter((one) => text.replace(/\s+/g, '').includes(`/keys/signet-signing/${one?.version}`))
  const state = { ...NOTHING_YET, active: { ...NAMES, version: young.version, sinceMs: 0 } }
  const row = { partitionKey: 'rotation', rowKey: target.config.clientId, state: JSON.stringify(state) }

  const before = await walk({ hasTable: true })
  expect(signedBy(before)).toEqual([named])
  expect(before.said).toContain('Its age decides: the app has not seen yet which versions Entra accepts.')
  await client.upsertEntity(row)
  const after = await walk({ hasTable: true })
  expect([after.hasSucceeded, signedBy(after)]).toEqual([true, [young]])
  expect(after.said).toContain(
    'It signs because the exchange of the certificate names it, to the app as well.',
  )
  const manual = await walk({ hasTable: true, settings: { rotation: 'manual' } })
  expect(signedBy(manual)).toEqual([named])
  expect(manual.said).toContain('Its age decides: ROTATION is manual.')

  desk.tables.faults.always({ kind: 'answer', status: 403, body: {} })
  const blind = await walk({ hasTable: true })
  desk.tables.faults.clear()
  expect(signedBy(blind)).toEqual([named])
  expect(blind.said).toContain(
    'the row of its exchange could not be read (session/store_refused), so the app may sign with another version.',
  )
})

test('every run signs anew, and one signature serves both grants', async () => {
  const signatures = () => vault.requests.filter(({ operation }) => operation === 'sign').length
  const before = signatures()

  await walk({})
  expect(signatures() - before).toBe(1)
  await walk({ clientCredentials: true })
  expect(signatures() - before).toBe(2)
})

test('the code alone does too, and the transcript says what could not be compared', async () => {
  const { hasSucceeded, said } = await walk({
    paste: (address) => new URL(address).searchParams.get('code') ?? '',
  })

  expect(hasSucceeded).toBe(true)
  expect(said).toContain('its state could not be compared')
})

test.each([
  ['a code that Entra never issued', () => 'nonsense', 'AADSTS70000', 'paste the whole address'],
  [
    'a code of another redirect URI',
    (address: string) => {
      entra.switches.token.refuse = 500112
      return address
    },
    'AADSTS500112',
    'another redirect URI',
  ],
])('%s ends in Entra’s own words and the next step', async (_title, paste, number, step) => {
  const { hasSucceeded, said } = await walk({ paste })
  entra.switches.reset()

  expect(hasSucceeded).toBe(false)
  expect(said).toContain('Entra refused: invalid_grant')
  expect(said).toContain(`${number}: `)
  expect(said).toMatch(new RegExp(`Next step: .*${step}`))
})

test('a code that was redeemed before is refused, and the next step is a new run', async () => {
  let spent = ''
  await walk({
    paste: (address) => {
      spent = new URL(address).searchParams.get('code') ?? ''
      return address
    },
  })
  const { said } = await walk({ paste: () => spent })

  expect(said).toContain('AADSTS54005')
  expect(said).toContain('Run the walkthrough again')
})

test.each([
  ['a refusal', (address: string) => refusalOf(address), 'AADSTS65004'],
  ['an address of another run', (address: string) => otherState(address), 'its state is not ours'],
  ['an address without a code', () => `${REDIRECT_URI}/`, 'There was no code'],
  ['nothing at all', () => undefined, 'There was no code'],
  ['a blank line', () => '  ', 'There was no code'],
])('%s ends the walk before the vault or the token endpoint is asked', async (_title, paste, sentence) => {
  const before = [vault.requests.length, tokenRequests()]
  const { hasSucceeded, said } = await walk({ paste })

  expect(hasSucceeded).toBe(false)
  expect(said).toContain(sentence)
  expect([vault.requests.length, tokenRequests()]).toEqual(before)
})

function refusalOf(address: string): string {
  const state = new URL(address).searchParams.get('state') ?? ''
  return `${REDIRECT_URI}/?${new URLSearchParams({ error: 'access_denied', error_description: 'AADSTS65004: no', state })}`
}

function otherState(address: string): string {
  const url = new URL(address)
  url.searchParams.set('state', randomBytes(32).toString('base64url'))
  return url.href
}

test('a certificate that the app does not know is named, with where to register it', async () => {
  entra.registerApplication({ ...registration, certificates: [], redirectUris: [REDIRECT_URI] })
  const { said } = await walk({})

  expect(said).toContain('AADSTS700027')
  expect(said).toContain('Upload it under Certificates & secrets; its thumbprint is x5t#S256 in step 2.')
})

test('a client that signs people in and holds application permissions is warned about', async () => {
  const held = { [`api://${desk.clientId}`]: ['Everything.Delete'] }
  entra.registerApplication({
    ...registration,
    redirectUris: [REDIRECT_URI],
    applicationPermissions: held,
  })
  const { said } = await walk({ clientCredentials: true })

  expect(said).toContain(
    'It has roles (Everything.Delete): this client signs people in and may act without any person.',
  )
})

test('a token for another API is shown with the warning that it is not ours to read', async () => {
  const { text, said } = await walk({ scopes: ['openid', 'profile', 'User.Read'] })

  expect(said).toContain('never let a program read it')
  expect(text).toMatch(/^ {3}appidacr +2$/m)
  expect(said).not.toContain('certificate guard')
})

test.each<[title: string, begin: () => void, sentence: string]>([
  [
    'an ID token that the app would not believe',
    () => {
      entra.switches.idToken.flaw = 'nonce-invalid'
    },
    'The app would not believe it',
  ],
  [
    'an access token that the guard refuses',
    () => {
      entra.switches.token.accessTokenLifetimeSeconds = -3600
    },
    'An API behind the certificate guard refuses it',
  ],
])('%s is shown, and the walk has not succeeded', async (_title, begin, sentence) => {
  begin()
  const { hasSucceeded, said } = await walk({})
  entra.switches.reset()

  expect(said).toContain(sentence)
  expect(hasSucceeded).toBe(false)
})

test.each<[title: string, fault: Fault]>([
  ['a page in place of an answer, as of a captive portal', { kind: 'html' }],
  ['a gateway that fails', { kind: 'status', status: 502, body: '<h1>Bad gateway</h1>' }],
  ['JSON that says nothing', { kind: 'wrong-shape' }],
])('%s is told from a refusal by Entra', async (_title, fault) => {
  entra.switches.faults.token = fault
  expect(await outcomeOf(() => walk({}))).toBe('entra/malformed_response')
  entra.switches.reset()
})

test('nothing that was pasted can give the terminal orders', async () => {
  const orders = '\u001b]0;pwned\u0007\u001b[2J\u009b1;1H'
  const { text } = await walk({
    paste: (address) => {
      const state = new URL(address).searchParams.get('state') ?? ''
      return `${REDIRECT_URI}/?${new URLSearchParams({ error: `access_denied${orders}`, error_description: orders, state })}`
    },
  })

  expect(text).toContain('pwned')
  expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/)
})

test('a vault that forbids signing ends the walk with its code', async () => {
  vault.permissions.delete('keys/sign/action')
  expect(await outcomeOf(() => walk({}))).toBe('vault/forbidden')
})

test('colours are for terminals', () => {
  let text = ''
  const write = (part: string): void => {
    text += part
  }
  createTranscript({ write, hasColour: true, reveal: false }).step('Title')
  expect(text).toContain('\u001b[1m')
})
