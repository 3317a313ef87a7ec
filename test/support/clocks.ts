/** The clocks of the worlds of this process, by the origin of their app, so that a visitor's cookies run out by the right one. */

type Clock = () => number

const clocks = new Map<string, Clock>()

export function setClock(appOrigin: string, now: Clock): void {
  clocks.set(appOrigin, now)
}

/** The machine's own, where no world has one. */
export function clockOf(appOrigin: string): Clock {
  return clocks.get(appOrigin) ?? Date.now
}
