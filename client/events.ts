/** What happens to a session, told to whoever listens. */
import type { Session } from './sessionAnswer.ts'

export interface SignetEvents {
  /** What is known of the session now, whichever tab asked. */
  readonly session: Session
  /** The session is over. With `loginUrl` a call was refused for it, and the window goes there next. */
  readonly 'signed-out': { readonly loginUrl?: string }
  /** The session ends in a minute or less; `renew()` helps where `renewable`. */
  readonly expiring: { readonly secondsLeft: number; readonly renewable: boolean }
  /** A call needs more of the person than their sign-in had: claims or consent. The window goes to `loginUrl` next. */
  readonly 'step-up': { readonly loginUrl: string }
  /** A sign-in with `prompt=none`, in a window of its own, has ended; `code` says why it did not succeed. */
  readonly 'silent-sign-in': {
    readonly outcome: 'signed-in' | 'sign-in-needed' | 'failed'
    readonly code?: string
  }
}

export type SignetEvent = keyof SignetEvents
/** May return a promise, which a redirect waits for, and `false` to keep the window where it is. */
export type Listener<E extends SignetEvent> = (event: SignetEvents[E]) => unknown

const listeners = new Map<SignetEvent, Set<Listener<never>>>()

/** Calls `listener` whenever it happens, until the function that comes back is called. */
export function on<E extends SignetEvent>(name: E, listener: Listener<E>): () => void {
  const all = listeners.get(name) ?? new Set()
  listeners.set(name, all.add(listener))
  return () => void all.delete(listener)
}

/** Resolves to false when a listener said so. One that fails keeps nobody from sign-in; its error is reported as any other. */
export async function emit<E extends SignetEvent>(name: E, event: SignetEvents[E]): Promise<boolean> {
  const heard = [...(listeners.get(name) ?? [])] as Listener<E>[]
  const answers = heard.map(async (listener) => listener(event))
  const settled = await Promise.allSettled(answers)
  for (const one of settled) if (one.status === 'rejected') reportError(one.reason)
  return settled.every((one) => one.status === 'rejected' || one.value !== false)
}
