import type { Adapter, Payload } from 'oidc-provider'

/** The database of a provider: it outlives the provider, as when one is started anew with other keys. */
export interface ProviderStore {
  /** What the provider asks for, once for each kind of thing that it keeps. */
  readonly adapter: (kind: string) => Adapter
  /** Kinds whose things are forgotten as soon as they are written. */
  readonly forgets: Set<string>
  /** What is kept of a kind. */
  all(kind: string): readonly Payload[]
  /** Loses what is kept of a kind. */
  clear(kind: string): void
}

export function createProviderStore(): ProviderStore {
  const kept = new Map<string, Map<string, Payload>>()
  const forgets = new Set<string>()

  const thingsOf = (kind: string): Map<string, Payload> => {
    const things = kept.get(kind) ?? new Map<string, Payload>()
    kept.set(kind, things)
    return things
  }

  function adapter(kind: string): Adapter {
    const things = thingsOf(kind)
    const findBy = async (member: 'uid' | 'userCode', value: string): Promise<Payload | undefined> =>
      [...things.values()].find((payload) => payload[member] === value)
    return {
      async upsert(id, payload) {
        if (!forgets.has(kind)) things.set(id, payload)
      },
      find: async (id) => things.get(id),
      findByUid: (uid) => findBy('uid', uid),
      findByUserCode: (userCode) => findBy('userCode', userCode),
      async consume(id) {
        const payload = things.get(id)
        if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1_000)
      },
      destroy: async (id) => void things.delete(id),
      async revokeByGrantId(grantId) {
        for (const [id, payload] of things) if (payload.grantId === grantId) things.delete(id)
      },
    }
  }

  return {
    adapter,
    forgets,
    all: (kind) => [...thingsOf(kind).values()],
    clear: (kind) => thingsOf(kind).clear(),
  }
}
