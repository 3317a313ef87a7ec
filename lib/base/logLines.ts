/**
 * One JSON line per event, where the platform collects them. Lines that are no news of trouble wait for each other, so that many become one
 * write. Whoever ends the process by force loses those of the last moment.
 */
import type { Log, LogLevel } from './effects.ts'

/** Longest that a line waits. Milliseconds. */
const WAIT_MS = 20
/** Characters after which nothing waits. */
const MOST_WAITING = 16_384

export interface LogStreams {
  /** Text of whole lines. */
  write(level: LogLevel, text: string): void
  /** Calls `flush` once, after so many milliseconds, unless the process has nothing else to do. */
  later(ms: number, flush: () => void): void
}

export function createLogLines({ write, later }: LogStreams): Log {
  let waiting = ''

  function flush(): void {
    const text = waiting
    waiting = ''
    if (text !== '') write('info', text)
  }

  return (level, event, facts = {}) => {
    const line = `${JSON.stringify({ event, ...facts })}\n`
    if (level !== 'info') {
      flush()
      write(level, line)
      return
    }
    if (waiting === '') later(WAIT_MS, flush)
    waiting += line
    if (waiting.length >= MOST_WAITING) flush()
  }
}
