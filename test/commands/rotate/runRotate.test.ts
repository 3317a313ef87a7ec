import { expect, test } from 'vitest'
import { runRotate } from '../../../commands/rotate/runRotate.ts'
import type { Rotation } from '../../../lib/rotation/openRotation.ts'
import { createRotationRows } from '../../../lib/rotation/rotationRows.ts'
import { CLIENT } from '../../support/configOf.ts'
import { createRotationModel } from '../../support/rotationModel.ts'
import { MODEL_VAULT_URL } from '../../support/signingInstance.ts'

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

test('the only version that there is can be revoked before any run was made: it proves the next one, and goes', async () => {
  const model = createRotationModel()
  const only = model.makeVersion()
  model.registerByHand(only)
  const rotation = {
    clientId: CLIENT,
    certificate: 'signing',
    vaultUrl: MODEL_VAULT_URL,
    ports: {
      vault: { versions: async () => model.versions },
      rows: createRotationRows(model.table, CLIENT),
    },
    run: () => model.run({ isUrgent: true }),
  } as unknown as Rotation
  const isWell = await runRotate(
    { kind: 'revoke', version: only },
    {
      rotations: [rotation],
      mayCreate: false,
      now: model.clock.now,
      sleep: async (ms) => void model.clock.advance(ms),
      print: () => undefined,
      writeRequest: () => Promise.reject(new Error('nobody has to register anything')),
    },
  )

  const state = await model.state()
  expect([isWell, state?.active?.version, model.own()]).toEqual([true, 'v2', ['v2']])
})
