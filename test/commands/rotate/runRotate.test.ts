import { expect, test } from 'vitest'
import { runRotate } from '../../../commands/rotate/runRotate.ts'
import type { Rotation } from '../../../lib/rotation/openRotation.ts'

test('a version that no certificate has is not revoked, nothing is written, and the command fails', async () => {
  const asked: string[] = []
  const ports = {
    vault: { versions: async () => [{ version: 'a'.repeat(32) }] },
    rows: new Proxy({}, { get: (_, name) => asked.push(String(name)) }),
  }
  const rotation = { clientId: 'client', certificate: 'signing', ports } as unknown as Rotation
  const lines: string[] = []
  const isWell = await runRotate(
    { kind: 'revoke', version: 'b'.repeat(32) },
    {
      rotations: [rotation],
      mayCreate: false,
      now: Date.now,
      sleep: async () => undefined,
      print: (line) => void lines.push(line),
      writeRequest: () => Promise.reject(new Error('nothing is to be written')),
    },
  )
  expect([isWell, asked]).toEqual([false, []])
  expect(lines.join()).toContain(`has a version ${'b'.repeat(32)}: nothing was revoked`)
})
