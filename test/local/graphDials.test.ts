/** The dials of Graph: every position sets the switches that test/local/entra/graphSwitches.test.ts has an application meet. */
import { expect, test } from 'vitest'
import { createSwitches } from '../../local/entra/switches.ts'
import { graphDials } from '../../local/switchboard/graphDials.ts'

const switches = createSwitches()
const dials = graphDials({ entra: { switches } })

/** What is set now, of all that these dials set. */
const set = () => ({
  fault: switches.faults.graph?.kind,
  propagationMs: switches.clientAuthentication.propagationMs,
  readDelayMs: switches.graph.readDelayMs,
  policy: switches.graph.tenantPolicy,
  keyLimit: switches.graph.keyLimit,
})
const usual = set()

test.each<[string, string, Partial<ReturnType<typeof set>>]>([
  ['graph', 'throttle', { fault: 'status' }],
  ['graph', 'stall', { fault: 'stall' }],
  ['graph', 'unavailable', { fault: 'status' }],
  ['graph', 'lost', { fault: 'drop' }],
  ['propagation', '30s', { propagationMs: 30_000, readDelayMs: 30_000 }],
  ['propagation', '5min', { propagationMs: 300_000, readDelayMs: 300_000 }],
  ['certificate-policy', '180d', { policy: { maxLifetimeDays: 180 } }],
  ['certificate-policy', '30d', { policy: { maxLifetimeDays: 30 } }],
  ['certificate-policy', 'authority', { policy: { authorities: [] } }],
  ['key-limit', 'full', { keyLimit: 0 }],
])(
  'the dial %s at %s sets what it says and nothing else, and back as usual nothing',
  (dial, position, wanted) => {
    const positions = dials.find(({ name }) => name === dial)?.positions ?? []
    const turn = (name: string) => positions.find((one) => one.name === name)?.turn()

    turn(position)
    expect(set()).toEqual({ ...usual, ...wanted })
    turn('usual')
    expect(set()).toEqual(usual)
  },
)

test('every position is in the table above', () => {
  expect(dials.map(({ positions }) => positions.length - 1)).toEqual([4, 2, 3, 1])
})
