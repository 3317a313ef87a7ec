/** What Entra can be set to: its answers to the app, the life of its tokens, and what it asks of people after the fact. */

import type { EntraLookAlike } from '../entra/openEntra.ts'
import type { SwitchBoard } from '../entra/switches.ts'
import type { IdTokenFlaw } from '../entra/token/idTokenFlaws.ts'
import type { Fault as EntraFault } from '../entra/wire/fault.ts'
import { ORDERS, REPORTS } from '../sampleApi/sampleApis.ts'
import { type Dial, type Position, RETRY_AFTER_SEC, USUAL } from './dial.ts'

/** The authentication context that stands for a step-up on a desk. */
export const STEP_UP = 'c1'

export interface DialledEntra {
  readonly entra: Pick<EntraLookAlike, 'switches' | 'forgetConsents'>
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export function entraDials({ entra, now }: DialledEntra): readonly Dial[] {
  const { switches } = entra
  return [
    {
      name: 'token',
      title: 'Entra’s token endpoint',
      about: 'What the app is told when it redeems the code, and when it refreshes.',
      positions: tokenPositions(switches),
    },
    {
      name: 'id-token',
      title: 'Entra’s ID token',
      about: 'A forged or stale one must never become a session.',
      positions: idTokenPositions(switches),
    },
    {
      name: 'access-token',
      title: 'Entra’s access tokens',
      about:
        'Of those issued from now on. The app asks for a new one before the old one ends; in its last minute it presents none.',
      positions: lifetimePositions(switches),
    },
    {
      name: 'refresh',
      title: 'Entra at a refresh',
      about:
        'What the organisation asks of a person after they signed in. It shows when the app next needs a token for an API: the front end gets a link, and after one redirect the call succeeds.',
      positions: policyPositions(switches, now),
    },
    {
      name: 'consent',
      title: 'Consent',
      about:
        'Usually the administrator has agreed for everybody. Where that is missing, each person is asked once, when the app first needs a token for that API.',
      positions: consentPositions(entra),
    },
  ]
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

function lifetimePositions(switches: SwitchBoard): [Position, ...Position[]] {
  const { accessTokenLifetimeSeconds: usual } = switches.token
  const living = (seconds: number): Position['turn'] => {
    return () => {
      switches.token.accessTokenLifetimeSeconds = seconds
    }
  }
  return [
    { ...USUAL, turn: living(usual) },
    { name: '90s', label: 'Live 90 seconds', turn: living(90) },
    { name: '10s', label: 'Live 10 seconds', turn: living(10) },
  ]
}

function policyPositions(switches: SwitchBoard, now: () => number): [Position, ...Position[]] {
  const set = (policy: Partial<SwitchBoard['policy']>): void => {
    switches.policy = { signInsSinceMs: undefined, authenticationContext: undefined, ...policy }
  }
  return [
    { ...USUAL, turn: () => set({}) },
    { name: 'sign-in', label: 'Wants a new sign-in', turn: () => set({ signInsSinceMs: now() }) },
    { name: 'step-up', label: 'Demands a step-up', turn: () => set({ authenticationContext: STEP_UP }) },
  ]
}

function consentPositions({ switches, forgetConsents }: DialledEntra['entra']): [Position, ...Position[]] {
  const missing = (name: string, { clientId }: { readonly clientId: string }): Position => ({
    name,
    label: `Missing for ${name}`,
    turn() {
      forgetConsents(clientId)
      switches.consent.notGivenFor = [clientId]
    },
  })
  return [
    {
      ...USUAL,
      turn() {
        switches.consent.notGivenFor = []
      },
    },
    missing('orders', ORDERS),
    missing('reports', REPORTS),
  ]
}
