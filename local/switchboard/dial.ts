/** A dial of the switchboard: one thing that can be set, with how it usually is as its first position. */

import type { Html } from '../../lib/http/html.ts'

export interface Position {
  readonly name: string
  readonly label: string
  readonly turn: () => void
}

export interface Dial {
  readonly name: string
  readonly title: string
  readonly about: string | Html
  readonly positions: readonly [Position, ...Position[]]
}

/** Where on the page a deed is. */
export const placeOfDeed = (name: string): string => `deed-${name}`

export const USUAL = { name: 'usual', label: 'As usual' } as const
export const RETRY_AFTER_SEC = 20
