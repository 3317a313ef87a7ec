/** Signing out, as the logout modules have it. */
import { expect } from 'vitest'
import { location, type Reply } from '../support/visitor.ts'
import type { Stage } from './conformanceModule.ts'
import { LOGIN } from './conformanceModule.ts'

/** Signs the person in; says the provider's id of that session. */
export async function signIn({ visitor }: Stage): Promise<string> {
  const form = await visitor.toCallback(LOGIN)
  await visitor.post(form)
  return form.fields.get('session_state') ?? ''
}

/** Presses "sign out" here; the reply is the provider's page, with its frames and its way back. */
export async function signOut({ world, visitor, entra }: Stage): Promise<Reply> {
  const reply = await visitor.ask(`${world.origin}/auth/logout`, { method: 'POST', from: world.origin })
  const target = location(reply)
  expect(target.startsWith(`${entra.origin}/`)).toBe(true)
  return visitor.ask(target)
}

/** Goes back to where the provider's page leads, with `query` added to it. */
export async function goBack({ visitor, entra }: Stage, page: Reply, query = ''): Promise<Reply> {
  const back = /content="\d+;url=([^"]+)"/.exec(page.text)?.[1] ?? ''
  return visitor.ask(`${back}${query}`, { from: entra.origin })
}

/** Loads the frame that the provider's page holds; no cookie reaches a frame of another site. */
export async function loadFrame({ world, visitor, entra }: Stage, sid: string): Promise<Reply> {
  const url = `${world.origin}/auth/frontchannel-logout?${new URLSearchParams({ sid }).toString()}`
  return visitor.ask(url, {
    from: entra.origin,
    headers: { cookie: undefined, 'sec-fetch-dest': 'iframe' },
  })
}
