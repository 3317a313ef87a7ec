/** The page that sets how the stand-ins behave: every position is turned by its button, and met by a sign-in. */
import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import { runRotate } from '../../commands/rotate/runRotate.ts'
import type { ErrorCode } from '../../lib/errors/table.ts'
import { createSwitchboard } from '../../local/switchboard/createSwitchboard.ts'
import { dialsOf } from '../../local/switchboard/dials.ts'
import { openJourney } from '../support/openJourney.ts'
import { loggedOutcome } from '../support/screens.ts'
import { shortenDeadline } from '../support/shortenDeadline.ts'
import { location, newVisitor, type Reply } from '../support/visitor.ts'

const world = await openJourney()
const { entra, vault, clientId } = world.desk
let restarts = 0
entra.lodge(
  createSwitchboard({
    desk: world.desk,
    async restartApp() {
      restarts += 1
      world.replaceInstance()
    },
  }),
)
const url = `${entra.origin}/desk`

const press = (field: Readonly<Record<string, string>>, origin: string | null = entra.origin) =>
  fetch(url, {
    method: 'POST',
    body: new URLSearchParams(field),
    redirect: 'manual',
    headers: origin === null ? {} : { origin },
  })
const pressedOn = async (): Promise<string[]> => {
  const page = await (await fetch(url)).text()
  return [...page.matchAll(/value="([^"]+)" aria-pressed="true"/g)].map(([, value = '']) => value)
}
const ALL_USUAL = [
  'vault',
  'identity',
  'tables',
  'clock',
  'signers',
  'registration',
  'token',
  'id-token',
  'access-token',
  'refresh',
  'consent',
  'graph',
  'propagation',
  'certificate-policy',
  'key-limit',
  'orders',
  'reports',
].map((dial) => `${dial}:usual`)
/** Met by calls of an API, by whoever rolls a key, by who measures a clock, or by somebody else: all of that has a test of its own. */
const OF_CALLS =
  /^(access-token|refresh|consent|orders|reports|graph|propagation|certificate-policy|key-limit|clock|signers):/

async function signIn(): Promise<Reply> {
  return newVisitor(world.origin).signIn('/auth/login?returnTo=%2Forders')
}

afterEach(() => press({ do: 'usual' }))

const POSITIONS: readonly (readonly [turn: string, outcome: ErrorCode])[] = [
  ['vault:throttle', 'vault/throttled'],
  ['vault:stall', 'vault/timeout'],
  ['vault:forbid', 'vault/not_yet_allowed'],
  ['vault:unavailable', 'vault/unavailable'],
  ['vault:drop', 'vault/unavailable'],
  ['tables:stall', 'session/store_unavailable'],
  ['tables:forbid', 'session/store_refused'],
  ['tables:unavailable', 'session/store_unavailable'],
  ['registration:deactivated', 'entra/request_rejected'],
  ['token:throttle', 'entra/unavailable'],
  ['token:portal', 'entra/malformed_response'],
  ['token:client', 'entra/client_rejected'],
  ['token:grant', 'entra/grant_rejected'],
  ['id-token:invalid-sig-rs256', 'entra/id_token_rejected'],
  ['id-token:sig-none', 'entra/id_token_rejected'],
  ['id-token:nonce-invalid', 'entra/id_token_rejected'],
  ['id-token:other-tenant', 'entra/id_token_rejected'],
  ['id-token:expired-exp', 'entra/id_token_rejected'],
]

describe('a dial', () => {
  test.each(POSITIONS)(
    'turned to %s makes a sign-in on a restarted app end with %s, and back, well',
    async (turn, outcome) => {
      if (turn.endsWith(':stall')) shortenDeadline(turn === 'vault:stall' ? 2_500 : 2_000)
      await signIn()
      expect((await press({ turn })).status).toBe(303)
      expect(await pressedOn()).toContain(turn)
      await press({ do: 'restart' })
      expect(loggedOutcome(world, await signIn())).toBe(outcome)

      await press({ do: 'usual' })
      expect(await pressedOn()).toEqual(ALL_USUAL)
      await press({ do: 'restart' })
      expect(location(await signIn())).toBe('/orders')
    },
  )

  test('each button of the page is one of those, or of what needs no sign-in to be seen', async () => {
    const page = await (await fetch(url)).text()
    const turns = [...page.matchAll(/name="turn" value="([^"]+)"/g)]
      .map(([, value = '']) => value)
      .filter((turn) => turn.endsWith(':usual') || !OF_CALLS.test(turn))
    const elsewhere = ['identity:stall', 'identity:unavailable', 'token:stall', 'token:unavailable']
    expect(turns.sort()).toEqual([...ALL_USUAL, ...elsewhere, ...POSITIONS.map(([turn]) => turn)].sort())
    for (const turn of elsewhere) expect((await press({ turn })).status).toBe(303)
    expect(await pressedOn()).toEqual(expect.arrayContaining(['identity:unavailable', 'token:unavailable']))
  })
})

test('docs/switchboard.md names the dials and positions that there are', () => {
  const page = readFileSync(new URL('../../docs/switchboard.md', import.meta.url), 'utf8')
  const [, afterHeading = ''] = page.split('| dial | positions beside *As usual* |\n')
  const [table = ''] = afterHeading.split('\n\n')
  const rows = [...table.matchAll(/^\| ([^|]+) \| ([a-z][^|]+) \|$/gm)]
  const documented = rows.map(([, title, positions]) => [title, positions])
  const dials = dialsOf(world.desk).map(({ title, positions: [, ...others] }) => [
    title,
    others.map(({ label }) => label.charAt(0).toLowerCase() + label.slice(1)).join(', '),
  ])
  expect(documented).toEqual(dials)
})

describe('what is done once', () => {
  test('a new version is made, and registered with the others', async () => {
    const before = vault.versions().length
    await press({ do: 'rotate' })
    const { der } = vault.certificate()
    expect(vault.versions()).toHaveLength(before + 1)
    const thumbprint = entra.registerCertificate(clientId, der)
    entra.removeCertificate(clientId, thumbprint)
    await press({ do: 'register' })
    expect(location(await signIn())).toBe('/orders')
  })

  test('the key that signs is taken out of the registration, a restarted app is refused, and registering it mends that', async () => {
    for (const thumbprint of entra.registeredCertificates(clientId))
      if (thumbprint !== vault.certificate().x5tS256) entra.removeCertificate(clientId, thumbprint)
    await press({ do: 'unregister' })
    await press({ do: 'restart' })
    expect(loggedOutcome(world, await signIn())).toBe('entra/client_rejected')
    await press({ do: 'register' })
    await press({ do: 'restart' })
    expect(location(await signIn())).toBe('/orders')
  })

  test('every version is disabled, nobody signs, and a new one that is registered mends that', async () => {
    for (const { version } of vault.versions()) vault.disable(version)
    await press({ do: 'rotate' })
    await press({ do: 'disable-version' })
    await press({ do: 'restart' })
    expect(loggedOutcome(world, await signIn())).toBe('vault/key_unusable')
    await press({ do: 'rotate' })
    await press({ do: 'register' })
    await press({ do: 'restart' })
    expect(location(await signIn())).toBe('/orders')
  })

  test('Entra signs with another key, which the running app looks up', async () => {
    await signIn()
    const keys = entra.publishedKeys().keys.length
    await press({ do: 'signing-key' })
    expect(entra.publishedKeys().keys.length).toBeGreaterThan(keys)
    expect(location(await signIn())).toBe('/orders')
  })

  test('all versions but the newest are disabled', async () => {
    await press({ do: 'rotate' })
    await press({ do: 'register' })
    await press({ do: 'disable-older' })
    const [newest, ...older] = vault.versions().toReversed()
    expect([newest?.enabled, ...new Set(older.map(({ enabled }) => enabled))]).toEqual([true, false])
    await press({ do: 'restart' })
    expect(location(await signIn())).toBe('/orders')
  })

  test('the app is restarted', async () => {
    const before = restarts
    await press({ do: 'restart' })
    expect(restarts).toBe(before + 1)
  })
})

describe('somebody else who uses the key', () => {
  const section = async (): Promise<string> =>
    /<section class="deeds key"(.*?)<\/section>/s.exec(await (await fetch(url)).text())?.[1] ?? ''
  /** What the page says of their latest try. */
  async function useKey(): Promise<string> {
    expect((await press({ do: 'use-key' })).headers.get('location')).toBe('/desk#key')
    const [, tries = ''] = (await section()).split('What came of it, the newest first:')
    return (
      /<li>(.*?)<\/li>/s
        .exec(tries)?.[1]
        ?.replaceAll(/<[^>]+>/g, '')
        .slice('2026-01-01 00:00:00 UTC: '.length) ?? ''
    )
  }
  const version = (): string => vault.certificate().version
  const printed: string[] = []
  /** As `npm run rotate -- --desk --revoke` does it. */
  const revoke = (revoked: string): Promise<boolean> =>
    runRotate(
      { kind: 'revoke', version: revoked },
      {
        rotations: world.app().rotations.filter((one) => one.clientId === clientId),
        mayCreate: false,
        now: world.now,
        sleep: async () => undefined,
        print: (line) => void printed.push(line),
        writeRequest: async () => ({ folder: '', commands: [] }),
      },
    )

  test('gets nothing without a role on the vault, and with one a token until the steps of the runbook are done', async () => {
    vault.permissions.add('certificates/create/action')
    await press({ do: 'restart' })
    await signIn()
    const stolen = version()
    expect(await useKey()).toBe('The vault did not sign, and nothing was left from before.')

    await press({ turn: 'signers:others' })
    expect(await useKey()).toBe(`The vault signed by ${stolen}. Entra gave a token.`)
    const { objectId } = world.desk.outsider
    expect(await section()).toContain(
      `<b>Somebody else</b>, <code>${objectId}</code>: 1 by <code>${stolen}</code>`,
    )
    expect(await section()).toMatch(new RegExp(`The app’s identity: \\d+ by <code>${stolen}</code>`))

    // First, a switch that can be turned back.
    await press({ turn: 'registration:deactivated' })
    expect(await useKey()).toBe(`The vault signed by ${stolen}. Entra refused: AADSTS7000112.`)
    await press({ turn: 'registration:usual' })

    // The hole closed: what they have from before serves them on.
    await press({ turn: 'signers:usual' })
    expect(await useKey()).toBe(`The vault did not sign; by ${stolen} it had before. Entra gave a token.`)

    // The app may not see which entry is the one that somebody registered by hand: the command names what an administrator has to do.
    await revoke(stolen)
    expect(version()).not.toBe(stolen)
    expect(printed.join('\n')).toContain('Entra still takes the key: remove it by hand')
    expect(await useKey()).toMatch(/Entra gave a token\.$/)
    await press({ do: 'unregister-older' })
    expect(entra.registeredCertificates(clientId)).toEqual([vault.certificate().x5tS256])
    expect(await useKey()).toBe(
      `The vault did not sign; by ${stolen} it had before. Entra refused: AADSTS700027.`,
    )
    expect(location(await signIn())).toBe('/orders')

    // The hole left open: the next key is used as well.
    await press({ turn: 'signers:others' })
    expect(await useKey()).toBe(`The vault signed by ${version()}. Entra gave a token.`)
    await press({ do: 'usual' })
    expect(await useKey()).toMatch(/^The vault did not sign; /)
  })

  test('is waited for no longer than a moment where vault and Entra do not answer, and says so', async () => {
    await press({ turn: 'signers:others' })
    await press({ turn: 'token:portal' })
    expect(await useKey()).toBe(`The vault signed by ${version()}. Entra did not answer.`)
    await press({ turn: 'vault:unavailable' })
    expect(await useKey()).toMatch(/^The vault did not sign; .* Entra did not answer\.$/)
  })
})

describe('the page', () => {
  test('obeys only itself: no other page of the browser, and no link', async () => {
    for (const origin of ['https://evil.example', 'null', world.origin, null])
      expect((await press({ turn: 'vault:stall' }, origin)).status).toBe(403)
    expect((await fetch(`${url}?turn=vault:stall`)).status).toBe(200)
    expect((await fetch(url, { method: 'PUT' })).status).toBe(405)
    expect(await pressedOn()).toEqual(ALL_USUAL)
  })

  test.each([
    [{ turn: 'vault:explode' }],
    [{ turn: 'constructor:usual' }],
    [{ turn: '' }],
    [{ do: 'toString' }],
    [{}],
  ])('knows nothing of %j', async (field) => {
    expect((await press(field)).status).toBe(400)
  })

  test('runs no script, loads nothing and posts to nobody else', async () => {
    const { headers } = await fetch(url)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; img-src data:; form-action 'self';/,
    )
    expect(headers.get('referrer-policy')).toBe('same-origin')
  })
})
