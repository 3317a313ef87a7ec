/** Everything that can be set on the desk, in the order of the page. */
import { html } from '../../lib/http/html.ts'
import type { Fault } from '../faults.ts'
import { apiDials, type DialledApis } from './apiDials.ts'
import { type Dial, type Position, placeOfDeed, RETRY_AFTER_SEC, USUAL } from './dial.ts'
import { type DialledEntra, entraDials } from './entraDials.ts'
import { graphDials } from './graphDials.ts'
import { type DialledKey, keyDials } from './keyDials.ts'

const RESTART = html`<a href="#${placeOfDeed('restart')}">restart it</a>`

interface Faulty {
  readonly faults: { always(fault: Fault): void; clear(): void }
}

export interface DialledDesk extends DialledEntra, DialledKey, DialledApis {
  readonly entra: DialledEntra['entra'] & DialledKey['entra']
  readonly vault: Faulty
  readonly identity: Faulty
  readonly tables: Faulty
  readonly clock: { setOff(ms: number): void }
}

export function dialsOf(desk: DialledDesk): readonly Dial[] {
  const { vault, identity, tables, clock } = desk
  return [
    {
      name: 'vault',
      title: 'Key Vault',
      about: html`A warm app signs nothing for minutes: ${RESTART} to see it meet the vault without an assertion.`,
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
      about: html`Its tokens last a day: ${RESTART}, or the app does not ask again.`,
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
      name: 'clock',
      title: 'The clocks of Entra and the vault',
      about: 'As seen from the app, whose own clock stays as it is.',
      positions: [
        { ...USUAL, turn: () => clock.setOff(0) },
        { name: '90s', label: 'Run 90 seconds ahead', turn: () => clock.setOff(90_000) },
        { name: '10min', label: 'Run ten minutes ahead', turn: () => clock.setOff(600_000) },
        { name: 'behind', label: 'Run ten minutes behind', turn: () => clock.setOff(-600_000) },
      ],
    },
    ...keyDials(desk),
    ...entraDials(desk),
    ...graphDials(desk),
    ...apiDials(desk),
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
