/** A person's own sessions, on whatever device. docs/sign-in.md says what each member means. */
import { basePath } from './basePath.ts'
import { fetch } from './fetch.ts'

export interface OwnSession {
  readonly id: string
  /** The one that asks. */
  readonly current: boolean
  /** For display: `Firefox on Linux`. */
  readonly device: string
  readonly deviceBound: boolean
  readonly signedInAt: string
  readonly lastUsedAt: string
  readonly expiresAt: string
}

/** The living ones, of more than a hundred the newest, oldest sign-in first: a look, no use. Rejects with an Error whose `cause` is the answer, or as `fetch` does. */
export async function sessions(): Promise<readonly OwnSession[]> {
  return (await ask('')).sessions
}

/** Ends one, or all but this one; resolves to how many. Rejects as `sessions` does: one that has ended already is `session/not_found`. */
export async function endSessions(
  which: { readonly id: string } | { readonly others: true },
): Promise<number> {
  return (await ask(`?${new URLSearchParams(Object.entries(which))}`, { method: 'DELETE' })).ended
}

async function ask(query: string, init?: RequestInit) {
  const answer = await fetch(`${basePath()}/auth/sessions${query}`, init)
  const body = await answer.json().catch(() => ({}))
  if (!answer.ok) throw new Error(body.message ?? `No answer of Signet at ${answer.url}`, { cause: body })
  return body
}
