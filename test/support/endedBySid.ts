/** Whose sessions end with one of Entra's, as the store tells them one by one. */
import type { PersonHash } from '../../lib/session/rows.ts'
import type { SessionStore } from '../../lib/session/tableStore.ts'

export async function endedBySid(store: SessionStore, sid: string | undefined): Promise<PersonHash[]> {
  const persons: PersonHash[] = []
  await store.endBySid(sid ?? '', (person) => void persons.push(person))
  return persons
}
