/** The process of the stand-ins, from the outside. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Questions, World } from './world.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))

export interface Stands {
  readonly world: World
  ask<Name extends keyof Questions>(
    name: Name,
    asked: Questions[Name]['asked'],
  ): Promise<Questions[Name]['answer']>
  close(): Promise<void>
}

/** `heapMb`: for a table with millions of rows. */
export async function openStands({ heapMb = 4_096 }: { readonly heapMb?: number } = {}): Promise<Stands> {
  const child = fork(MAIN, { execArgv: [`--max-old-space-size=${heapMb}`] })
  const waiting = new Map<number, (answer: unknown) => void>()
  const ended = new Promise<never>((_resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The stand-ins have ended with ${code}.`)))
  })
  ended.catch(() => undefined)
  const world = new Promise<World>((resolve) => {
    child.on('message', (message: { world?: World; id?: number; answer?: unknown }) => {
      if (message.world !== undefined) resolve(message.world)
      else waiting.get(message.id ?? 0)?.(message.answer)
    })
  })
  let last = 0
  return {
    world: await Promise.race([world, ended]),
    ask(name, asked) {
      last += 1
      const id = last
      const answer = new Promise<never>((resolve) => waiting.set(id, resolve as (answer: unknown) => void))
      child.send({ id, name, asked })
      return Promise.race([answer, ended]).finally(() => waiting.delete(id))
    },
    close: () => closed(child),
  }
}

async function closed(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve))
  if (child.exitCode !== null) return
  child.disconnect()
  await gone
}
