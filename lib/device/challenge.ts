/**
 * What a browser has to sign. A challenge is sealed, not stored: it carries its round and its end, and opens under one key only, so any
 * instance can judge what another one gave out, and giving one out writes nothing. Before the registration that key is derived from the
 * browser's own session secret. Afterwards it is a random one in the sealed binding, unknown to the browser: whoever has the cookie for an
 * hour, or the run of the browser, cannot make the challenges of tomorrow and have them signed today. Pure but for the nonce.
 */
import { base64url, derive, open, seal } from '../base/crypto.ts'
import type { Binding } from '../session/binding.ts'
import type { Ticket } from '../session/ticket.ts'

/** How long a challenge is good. It has to outlive the cookie that comes with it. Milliseconds. */
const CHALLENGE_MS = 15 * 60_000
/** A session without a binding is in no round yet. */
const BEFORE = -1 as const
const CONTENT = /^(-?\d+) (\d+)$/

type Random = (bytes: number) => Uint8Array

/** The challenge of an offer to register. */
export function registrationChallenge(ticket: Ticket, nowMs: number, random: Random): string {
  return makeChallenge(registrationKey(ticket), BEFORE, nowMs, random)
}

/** Whether this is a challenge that was offered to this session and has not run out. */
export function isRegistrationChallenge(ticket: Ticket, challenge: string, nowMs: number): boolean {
  return isCurrent(registrationKey(ticket), BEFORE, challenge, nowMs)
}

/** The challenge of the next refresh. */
export function refreshChallenge({ challengeKey, round }: Binding, nowMs: number, random: Random): string {
  return makeChallenge(keyOf(challengeKey), round, nowMs, random)
}

/** Whether this is a challenge of the current round that has not run out. */
export function isRefreshChallenge(
  { challengeKey, round }: Binding,
  challenge: string,
  nowMs: number,
): boolean {
  return isCurrent(keyOf(challengeKey), round, challenge, nowMs)
}

function registrationKey({ secret }: Ticket): Uint8Array {
  return derive(keyOf(secret), 'session/device', 32)
}

function keyOf(text: string): Uint8Array {
  return base64url.decode(text) ?? new Uint8Array()
}

function makeChallenge(key: Uint8Array, round: number, nowMs: number, random: Random): string {
  const content = new TextEncoder().encode(`${round} ${Math.floor(nowMs) + CHALLENGE_MS}`)
  return base64url.encode(seal(key, content, CONTEXT, random))
}

function isCurrent(key: Uint8Array, round: number, challenge: string, nowMs: number): boolean {
  const sealed = base64url.decode(challenge)
  const content = sealed && open(key, sealed, CONTEXT)
  const [, ofRound, endsAtMs] = CONTENT.exec(new TextDecoder().decode(content)) ?? []
  return Number(ofRound) === round && nowMs < Number(endsAtMs)
}

const CONTEXT = 'signet device challenge'
