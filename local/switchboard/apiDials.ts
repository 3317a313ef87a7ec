/** What the two sample APIs can be set to. A path of their own says the same of one call. */
import type { SampleApiMood } from '../sampleApi/mood.ts'
import type { SampleApi } from '../sampleApi/openSampleApi.ts'
import { type Dial, type Position, USUAL } from './dial.ts'
import { STEP_UP } from './entraDials.ts'

export interface DialledApis {
  readonly sampleApis: Readonly<Record<'orders' | 'reports', Pick<SampleApi, 'mood'>>>
}

const MOODS: readonly (readonly [name: string, label: string, mood: SampleApiMood])[] = [
  ['step-up', 'Demands a step-up', { kind: 'challenge', authenticationContext: STEP_UP }],
  ['slow', 'Takes three seconds', { kind: 'slow', ms: 3_000 }],
  ['stall', 'Never answers', { kind: 'stall' }],
  ['fail', 'Fails', { kind: 'fail', status: 500 }],
  ['break-off', 'Breaks off', { kind: 'break-off' }],
  ['stream', 'Sends in pieces', { kind: 'stream', pieces: 20 }],
  ['large', 'Sends too much', { kind: 'large', bytes: 2_000_000 }],
]

export function apiDials({ sampleApis: { orders, reports } }: DialledApis): readonly Dial[] {
  return [
    {
      name: 'orders',
      title: 'The API orders',
      about: 'It lets in every certificate client that calls for a person.',
      positions: moodPositions(orders),
    },
    {
      name: 'reports',
      title: 'The API reports',
      about: 'It wants the person to have a role as well, which Ada Lindqvist has.',
      positions: moodPositions(reports),
    },
  ]
}

function moodPositions(api: Pick<SampleApi, 'mood'>): [Position, ...Position[]] {
  const setting = (mood: SampleApiMood): Position['turn'] => {
    return () => {
      api.mood = mood
    }
  }
  const others = MOODS.map(([name, label, mood]) => ({ name, label, turn: setting(mood) }))
  return [{ ...USUAL, turn: setting({ kind: 'well' }) }, ...others]
}
