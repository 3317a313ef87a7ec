/** Requests of a session, one after the other; what is asked for meanwhile that is being asked for already is the same. */

export interface OneAtATime {
  /** What `start` comes to, begun when all that was asked for this session before is done; `what` says what is the same. */
  join<T>(id: string, what: string, start: () => Promise<T>): Promise<T>
  /** Whether whoever joins now has to wait for others. */
  isBusy(id: string): boolean
}

/** For one instance. */
export function createOneAtATime(): OneAtATime {
  /** By session and what is asked for: who comes meanwhile gets the same. */
  const underway = new Map<string, Promise<unknown>>()
  /** By session: the last of its requests. */
  const queues = new Map<string, Promise<unknown>>()

  return {
    join<T>(id: string, what: string, start: () => Promise<T>): Promise<T> {
      const key = `${id} ${what}`
      const known = underway.get(key)
      if (known !== undefined) return known as Promise<T>
      const before = queues.get(id) ?? Promise.resolve()
      const mine = before.catch(() => undefined).then(start)
      const settled = mine.finally(() => {
        underway.delete(key)
        if (queues.get(id) === settled) queues.delete(id)
      })
      settled.catch(() => undefined)
      underway.set(key, settled)
      queues.set(id, settled)
      return settled
    },
    isBusy: (id) => queues.has(id),
  }
}
