/** What can be set on the desk, each with how things usually are as its first position. */
import type { EntraLookAlike } from '../entra/openEntra.ts'
import type { SwitchBoard } from '../entra/switches.ts'
import type { IdTokenFlaw } from '../entra/token/idTokenFlaws.ts'
import type { Fault as EntraFault } from '../entra/wire/fault.ts'
import type { Fault } from '../faults.ts'

export interface Position {
  readonly name: string
  readonly label: string
  readonly turn: () => void
}

export interface Dial {
  readonly name: string
  readonly title: string
  readonly about: string
  readonly positions: readonly [Position, ...Position[]]
}

interface Faulty {
  readonly faults: { always(fault: Fault): void; clear(): void }
}

export interface DialledDesk {
  readonly entra: Pick<EntraLookAlike, 'switches'>
  readonly vault: Faulty
  readonly identity: Faulty
  readonly tables: Faulty
}

const USUAL = { name: 'usual', label: 'As usual' } as const
const RETRY_AFTER_SEC = 20

export function dialsOf({ entra, vault, identity, tables }: DialledDesk): readonly Dial[] {
  const { switches } = entra
  return [
    {
      name: 'vault',
      title: 'Key Vault',
      about:
        'A warm app signs nothing for minutes: restart it to see it meet the vault without an assertion.',
      positions: stubPositions(vault, {
        throttle: ['Throttles', { kind: 'throttle', retryAfterSec: RETRY_AFTER_SEC }],
        stall: ['Never answers', { kind: 'stall' }],
        forbid: ['Forbids', { kind: 'forbid' }],
        unavailable: ['Is unavailable', { kind: 'unavailable' }],
        drop: ['Cuts connections', { kind: 'drop' }],
      }),
    },
    {
      name: 'identity',
      title: 'Managed identity',
      about: 'Its tokens last a day: the app asks again only when it is restarted.',
      positions: stubPositions(identity, {
        stall: ['Never answers', { kind: 'stall' }],
        unavailable: ['Is unavailable', { kind: 'unavailable' }],
      }),
    },
    {
      name: 'tables',
      title: 'Table Storage',
      about: 'Every page that knows who is signed in asks it; nobody is signed out because it fails.',
      positions: stubPositions(tables, {
        stall: ['Never answers', { kind: 'stall' }],
        forbid: ['Forbids', { kind: 'forbid' }],
        unavailable: ['Is unavailable', { kind: 'unavailable' }],
      }),
    },
    {
      name: 'token',
      title: 'Entra’s token endpoint',
      about: 'What the app is told when it redeems the code.',
      positions: tokenPositions(switches),
    },
    {
      name: 'id-token',
      title: 'Entra’s ID token',
      about: 'A forged or stale one must never become a session.',
      positions: idTokenPositions(switches),
    },
  ]
}

function stubPositions(
  { faults }: Faulty,
  faulty: Readonly<Record<string, readonly [label: string, fault: Fault]>>,
): [Position, ...Position[]] {
  const others = Object.entries(faulty).map(([name, [label, fault]]) => ({
    name,
    label,
    turn() {
      faults.clear()
      faults.always(fault)
    },
  }))
  return [{ ...USUAL, turn: () => faults.clear() }, ...others]
}

function tokenPositions(switches: SwitchBoard): [Position, ...Position[]] {
  const usual = (): void => {
    delete switches.faults.token
    switches.token.refuse = undefined
  }
  const failing = (name: string, label: string, fault: EntraFault): Position => ({
    name,
    label,
    turn() {
      usual()
      switches.faults.token = fault
    },
  })
  const refusing = (name: string, label: string, code: 70008 | 700027): Position => ({
    name,
    label,
    turn() {
      usual()
      switches.token.refuse = code
    },
  })
  return [
    { ...USUAL, turn: usual },
    failing('throttle', 'Throttles', {
      kind: 'status',
      status: 429,
      headers: { 'retry-after': String(RETRY_AFTER_SEC) },
    }),
    failing('stall', 'Never answers', { kind: 'stall' }),
    failing('unavailable', 'Is unavailable', { kind: 'status', status: 503 }),
    failing('portal', 'A proxy answers', { kind: 'html' }),
    refusing('client', 'Refuses the certificate', 700027),
    refusing('grant', 'Refuses the code', 70008),
  ]
}

function idTokenPositions(switches: SwitchBoard): [Position, ...Position[]] {
  const flawed = (flaw: IdTokenFlaw, label: string): Position => ({
    name: flaw,
    label,
    turn() {
      switches.idToken.flaw = flaw
    },
  })
  return [
    {
      ...USUAL,
      turn() {
        switches.idToken.flaw = undefined
      },
    },
    flawed('invalid-sig-rs256', 'Signed by somebody else'),
    flawed('sig-none', 'Not signed'),
    flawed('nonce-invalid', 'Of another sign-in'),
    flawed('other-tenant', 'Of another tenant'),
    flawed('expired-exp', 'Expired'),
  ]
}
