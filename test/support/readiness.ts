/** What the ready probe says: to strangers yes or no, to the log what is wrong. */
import { expect } from 'vitest'
import type { World } from './openWorld.ts'
import { newVisitor } from './visitor.ts'

export interface Readiness {
  readonly status: number
  /** The facts of the log line that the request left, if it left one. */
  readonly logged: Readonly<Record<string, unknown>> | undefined
}

export async function readiness(world: World): Promise<Readiness> {
  const seen = world.logs.length
  const { status, text } = await newVisitor(world.origin).ask(`${world.origin}/health/ready`)
  expect(JSON.parse(text)).toEqual({ status: status === 200 ? 'ready' : 'not ready' })
  const lines = world.logs.slice(seen).filter(({ event }) => event === 'readiness')
  expect(lines.length).toBeLessThanOrEqual(1)
  return { status, logged: lines[0]?.facts }
}
