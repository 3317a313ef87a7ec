/** Who may read the desk by the look-alike's port: whoever asks this machine by its own name. */
import { request } from 'node:http'
import { afterAll, describe, expect, test } from 'vitest'
import { openDesk } from '../../local/desk.ts'

const desk = await openDesk({ appOrigin: 'http://localhost:7071' })
afterAll(() => desk.close())

describe('a page of elsewhere whose name leads to this machine', () => {
  const statusFor = (host: string, path: string, method = 'GET') =>
    new Promise<number | undefined>((resolve, reject) =>
      request(`${desk.entra.origin}${path}`, { method, headers: { host } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end(),
    )

  test('reads neither the inspector nor anything else of the look-alike, with whatever method', async () => {
    const { origin, tenantId } = desk.entra
    const { port } = new URL(origin)
    const paths = ['/inspect', '/INSPECT', '/desk', `/${tenantId}/v2.0/.well-known/openid-configuration`]
    for (const host of [
      `evil.example:${port}`,
      `127.0.0.1.evil.example:${port}`,
      'localhost',
      `localhost:1${port}`,
    ])
      for (const path of paths)
        for (const method of ['GET', 'HEAD', 'POST']) expect(await statusFor(host, path, method)).toBe(421)
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LocalHost:${port}`])
      expect(await statusFor(host, '/inspect')).toBe(200)
  })
})
