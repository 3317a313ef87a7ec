/** What the switchboard says of what was done, and where. */
import { afterAll, expect, test } from 'vitest'
import { openDesk } from '../../local/desk.ts'
import { createSwitchboard } from '../../local/switchboard/createSwitchboard.ts'

const desk = await openDesk({ appOrigin: 'http://localhost:7071' })
const { entra } = desk
entra.lodge(createSwitchboard({ desk, restartApp: async () => undefined }))
afterAll(() => desk.close())
const url = `${entra.origin}/desk`
const press = (field: Readonly<Record<string, string>>) =>
  fetch(url, {
    method: 'POST',
    body: new URLSearchParams(field),
    redirect: 'manual',
    headers: { origin: entra.origin },
  })

test('each deed says at its place what it did, which is gone with the next, and the vault’s dial leads to the restart', async () => {
  const names = ['rotate', 'register', 'unregister', 'unregister-older', 'disable-older', 'disable-version']
  for (const name of [...names, 'signing-key', 'revoke-all', 'restart', 'usual']) {
    expect((await press({ do: name })).headers.get('location')).toBe(`/desk#deed-${name}`)
    const page = await (await fetch(url)).text()
    const [said, ...others] = [...page.matchAll(/<form id="([^"]+)"(?:(?!<form).)*role="status">([^<]+)</gs)]
    expect([said?.[1], others]).toEqual([`deed-${name}`, []])
    if (names.includes(name)) expect(said?.[2]).toMatch(/[0-9a-f]{32}/)
    if (name === 'usual') expect(said?.[2]).toContain('20 seconds')
  }
  await press({ turn: 'tables:usual' })
  const page = await (await fetch(url)).text()
  expect(page).not.toContain('role="status"')
  const places = [...page.matchAll(/href="#([^"]+)"/g)].map(([, place]) => place)
  expect(places).toEqual(expect.arrayContaining(['vault', 'people', 'key', 'once', 'deed-restart']))
  for (const place of places) expect(page.split(`id="${place}"`)).toHaveLength(2)
})
