/** What a process holds after so many sign-ins: resident, and on its heap once garbage has been collected. */
import type { App } from '../apps/app.ts'
import { signIn } from '../apps/browser.ts'
import type { Subject } from './subjects.ts'
import { atOnce } from './together.ts'

export interface Memory {
  readonly subject: string
  readonly after: readonly MemoryAfter[]
}

interface MemoryAfter {
  readonly signIns: number
  /** MiB. */
  readonly residentMb: number
  readonly heapMb: number
}

const SIGN_INS_AT_ONCE = 4
const MB = 1_048_576

/** `steps`: after how many sign-ins in all it is looked at, upwards. */
export async function runMemory(subjects: readonly Subject[], steps: readonly number[]): Promise<Memory[]> {
  const all: Memory[] = []
  for (const subject of subjects) {
    const app = await subject.start()
    try {
      all.push({ subject: subject.name, after: await look(app, steps) })
    } finally {
      await app.stop()
    }
  }
  return all
}

async function look(app: App, steps: readonly number[]): Promise<MemoryAfter[]> {
  const seen: MemoryAfter[] = []
  let done = 0
  for (const signIns of steps) {
    const more = Array.from({ length: signIns - done }, () => () => signIn(app.newPerson()))
    await atOnce(SIGN_INS_AT_ONCE, more)
    done = signIns
    const { rssBytes, heapBytes } = await app.usage('collected')
    seen.push({ signIns, residentMb: rssBytes / MB, heapMb: heapBytes / MB })
  }
  return seen
}
