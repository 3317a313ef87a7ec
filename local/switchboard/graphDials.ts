/** What Microsoft Graph and the tenant's policies can be set to: what an application meets that exchanges its own certificate. */
import type { EntraLookAlike } from '../entra/openEntra.ts'
import type { SwitchBoard } from '../entra/switches.ts'
import { type Dial, type Position, RETRY_AFTER_SEC, USUAL } from './dial.ts'

interface DialledGraph {
  readonly entra: Pick<EntraLookAlike, 'switches'>
}

/** As good as none: no application has so many keys. */
const ROOM = 1_200

export function graphDials({ entra: { switches } }: DialledGraph): readonly Dial[] {
  return [
    {
      name: 'graph',
      title: 'Microsoft Graph',
      about: 'Where a new certificate is registered and an old one removed. No sign-in asks it.',
      positions: answerPositions(switches),
    },
    {
      name: 'propagation',
      title: 'New keys at Entra',
      about: 'Usually a key is known at once. Entra says nowhere how long it may take.',
      positions: delayPositions(switches),
    },
    {
      name: 'certificate-policy',
      title: 'Policy on certificates',
      about: 'What the tenant asks of a certificate that is registered from now on.',
      positions: policyPositions(switches),
    },
    {
      name: 'key-limit',
      title: 'Room for keys',
      about: 'An application object holds so many keys and no more.',
      positions: [
        { ...USUAL, turn: () => limit(switches, ROOM) },
        { name: 'full', label: 'None left', turn: () => limit(switches, 0) },
      ],
    },
  ]
}

function answerPositions(switches: SwitchBoard): [Position, ...Position[]] {
  const failing = (
    name: string,
    label: string,
    fault: NonNullable<SwitchBoard['faults']['graph']>,
  ): Position => ({
    name,
    label,
    turn() {
      switches.faults.graph = fault
    },
  })
  return [
    {
      ...USUAL,
      turn() {
        delete switches.faults.graph
      },
    },
    failing('throttle', 'Throttles', {
      kind: 'status',
      status: 429,
      headers: { 'retry-after': String(RETRY_AFTER_SEC), 'content-type': 'application/json' },
      body: '{"error":{"code":"TooManyRequests","message":"Too many requests."}}',
    }),
    failing('stall', 'Never answers', { kind: 'stall' }),
    failing('unavailable', 'Is unavailable', { kind: 'status', status: 503 }),
    failing('lost', 'Does it and cuts the connection', { kind: 'drop', afterProcessing: true }),
  ]
}

function delayPositions(switches: SwitchBoard): [Position, ...Position[]] {
  const after = (seconds: number): Position['turn'] => {
    return () => {
      switches.clientAuthentication.propagationMs = seconds * 1_000
      switches.graph.readDelayMs = seconds * 1_000
    }
  }
  return [
    { ...USUAL, turn: after(0) },
    { name: '30s', label: 'Known after 30 seconds', turn: after(30) },
    { name: '5min', label: 'Known after five minutes', turn: after(300) },
  ]
}

function policyPositions(switches: SwitchBoard): [Position, ...Position[]] {
  const set = (policy: SwitchBoard['graph']['tenantPolicy']): Position['turn'] => {
    return () => {
      switches.graph.tenantPolicy = policy
    }
  }
  return [
    { ...USUAL, turn: set(undefined) },
    { name: '180d', label: 'Allows 180 days', turn: set({ maxLifetimeDays: 180 }) },
    { name: '30d', label: 'Allows 30 days', turn: set({ maxLifetimeDays: 30 }) },
    { name: 'authority', label: 'Trusts no issuer of ours', turn: set({ authorities: [] }) },
  ]
}

function limit(switches: SwitchBoard, keys: number): void {
  switches.graph.keyLimit = keys
}
