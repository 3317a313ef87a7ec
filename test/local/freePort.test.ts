import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { freePort } from '../../local/freePort.ts'

it('is a port that can be listened on, below those that outgoing connections get', async () => {
  const port = await freePort()
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  server.close()

  expect(port).toBeGreaterThanOrEqual(10_000)
  expect(port).toBeLessThan(32_768)
})

it('is hardly ever the same for two who look at the same time', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, freePort))

  expect(new Set(ports).size).toBeGreaterThan(15)
})
