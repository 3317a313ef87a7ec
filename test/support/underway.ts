/** A sign-in on its way: somebody with an answer of Entra in hand, and what may be done to it. */
import { expect } from 'vitest'
import type { World } from './openWorld.ts'
import { isSignedIn } from './screens.ts'
import { type CallbackForm, location, newVisitor, type Visitor } from './visitor.ts'

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

export interface Underway {
  readonly visitor: Visitor
  readonly form: CallbackForm
}

/** Somebody with an answer of Entra in hand. */
export async function underway({ origin }: World, loginPath?: string): Promise<Underway> {
  const visitor = newVisitor(origin)
  return { visitor, form: await visitor.toCallback(loginPath) }
}

/** Posts the answer: it is taken, and whoever brought it is signed in. */
export async function expectAccepted(world: World, { visitor, form }: Underway): Promise<void> {
  const reply = await visitor.post(form)
  expect([reply.status, location(reply)]).toEqual([303, '/'])
  expect(await isSignedIn(world, visitor)).toBe(true)
}

export function transactionCookieOf({ appCookies }: Visitor): { name: string; value: string } {
  const [name = '', { value } = { value: '' }] = [...appCookies].find(([each]) => each.includes('-tx-')) ?? []
  return { name, value }
}

/** The text with one character exchanged for another of the alphabet that differs from it in these bits. */
export function flip(text: string, at: number, bits: number): string {
  const index = BASE64URL.indexOf(text.charAt(at))
  return `${text.slice(0, at)}${index < 0 ? 'A' : BASE64URL.charAt(index ^ bits)}${text.slice(at + 1)}`
}
