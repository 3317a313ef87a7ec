/**
 * A working day of a few thousand people, minute by minute: who starts when, who opens what. It is drawn from one seed, so that the same habits
 * always make the same day; a larger crowd does the same, more often.
 */
import { HABITS } from './parameters.ts'

/** Requests as docs/calls.md names them. */
export const REQUESTS = {
  login: '`GET /auth/login`',
  callback: '`POST /auth/callback`',
  look: '`GET /auth/session`',
  used: '`POST /auth/session`, a minute later',
  call: '`GET /api/{name}/…`, with a token that is held',
  firstCall: '`GET /api/{name}/…`, the first',
  signOut: '`POST /auth/logout`',
} as const

export type Kind = keyof typeof REQUESTS

export type Minute = Readonly<Record<Kind, number>>

const MINUTES = 24 * 60
const SEED = 20_261_126

/** So many people, and every minute of their day. */
export function workingDay(people: number): readonly Minute[] {
  const random = randomFrom(SEED)
  const day = Array.from({ length: MINUTES }, () => ({
    ...{ login: 0, callback: 0, look: 0, used: 0, call: 0, firstCall: 0, signOut: 0 },
  }))
  const at = (minute: number): Record<Kind, number> => day[minute % MINUTES] ?? day[0] ?? never()
  for (let person = 0; person < people; person += 1) liveADay(at, random)
  return day
}

function liveADay(at: (minute: number) => Record<Kind, number>, random: () => number): void {
  const start = Math.floor(startHour(random()) * 60)
  const end = start + HABITS.workingHours * 60
  const signIn = (minute: number): void => {
    at(minute).login += 1
    at(minute).callback += 1
  }
  signIn(start)
  if (random() < HABITS.signInsPerDay - 1) signIn(start + Math.floor(random() * HABITS.workingHours * 60))
  let tokenUntil = start
  let usedAt = start
  for (let minute = start; minute < end; minute += 1) {
    if (random() >= HABITS.pagesPerHour / 60) continue
    at(minute).look += 1
    const isFirst = minute >= tokenUntil
    if (isFirst) tokenUntil = minute + HABITS.tokenMinutes
    at(minute).firstCall += isFirst ? 1 : 0
    at(minute).call += HABITS.apiCallsPerPage - (isFirst ? 1 : 0)
    if (minute - usedAt < HABITS.usedEveryMinutes) continue
    at(minute).used += 1
    usedAt = minute
  }
  if (random() < HABITS.signOutShare) at(end).signOut += 1
}

/** Triangular: few are early, few are late. */
function startHour(share: number): number {
  const { startsFromHour: from, startsMostAtHour: most, startsUntilHour: until } = HABITS
  const rising = (most - from) / (until - from)
  return share < rising
    ? from + Math.sqrt(share * (until - from) * (most - from))
    : until - Math.sqrt((1 - share) * (until - from) * (until - most))
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function never(): never {
  throw new Error('a day without minutes')
}
