import { describe, expect, it } from 'vitest'
import { nextCookie } from '../../../lib/device/boundCookie.ts'
import { newBinding } from '../../../lib/device/boundSession.ts'
import {
  isRefreshChallenge,
  isRegistrationChallenge,
  refreshChallenge,
  registrationChallenge,
} from '../../../lib/device/challenge.ts'
import { newTicket } from '../../../lib/session/ticket.ts'
import { newDeviceKeys } from '../../support/bindingVisitor.ts'
import { heldEffects, START_MS } from '../../support/heldEffects.ts'

const QUARTER_MS = 15 * 60_000
const { random } = heldEffects()
const key = (await newDeviceKeys()).jwk as { kty: 'EC'; crv: 'P-256'; x: string; y: string }
const { binding } = newBinding(key, START_MS, random)
const [ticket, other] = [newTicket(random), newTicket(random)]

describe('a challenge', () => {
  it('is good for a quarter of an hour, at any instance that opens the row', () => {
    const challenge = refreshChallenge(binding, START_MS, random)

    expect(isRefreshChallenge({ ...binding }, challenge, START_MS + QUARTER_MS - 1)).toBe(true)
    expect(isRefreshChallenge(binding, challenge, START_MS + QUARTER_MS)).toBe(false)
  })

  it('is one of many that are good at once, and all of them are stale once one was answered', () => {
    const many = [1, 2, 3].map(() => refreshChallenge(binding, START_MS, random))
    const later = nextCookie(binding, START_MS, random).binding

    expect(new Set(many).size).toBe(3)
    for (const one of many) {
      expect(isRefreshChallenge(binding, one, START_MS)).toBe(true)
      expect(isRefreshChallenge(later, one, START_MS)).toBe(false)
    }
  })

  it('of one binding is none of another, and that of a registration is none of a renewal', () => {
    const foreign = newBinding(key, START_MS, random).binding
    const challenge = refreshChallenge(binding, START_MS, random)

    expect(isRefreshChallenge(foreign, challenge, START_MS)).toBe(false)
    expect(isRegistrationChallenge(ticket, challenge, START_MS)).toBe(false)
    const offered = registrationChallenge(ticket, START_MS, random)
    expect(isRegistrationChallenge(ticket, offered, START_MS)).toBe(true)
    expect(isRegistrationChallenge(other, offered, START_MS)).toBe(false)
    expect(isRefreshChallenge(binding, offered, START_MS)).toBe(false)
  })

  it('cannot be known ahead by whoever has the session cookie, or every earlier challenge', () => {
    const made = registrationChallenge(ticket, START_MS, random)
    const posed = { ...binding, challengeKey: ticket.secret }

    expect(isRefreshChallenge(binding, refreshChallenge(posed, START_MS, random), START_MS)).toBe(false)
    expect(isRefreshChallenge(binding, made, START_MS)).toBe(false)
  })

  it.each(['', 'x', 'A'.repeat(64), '=', '"'])('is not %j', (text) => {
    expect(isRefreshChallenge(binding, text, START_MS)).toBe(false)
    expect(isRegistrationChallenge(ticket, text, START_MS)).toBe(false)
  })
})
