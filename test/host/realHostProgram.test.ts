import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { realHostProgram } from '../../local/host/realHostProgram.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'signet-func-'))
  await writeFile(path.join(dir, 'func'), '', { mode: 0o755 })
})
afterAll(() => rm(dir, { recursive: true, force: true }))

it('FUNCTIONS_HOST names the real host', () => {
  expect(realHostProgram({ FUNCTIONS_HOST: '/opt/run-host', PATH: dir })).toBe('/opt/run-host')
})

it.skipIf(process.platform === 'win32')('without it, Core Tools are found on PATH', () => {
  expect(realHostProgram({ PATH: ['/nonexistent', dir].join(path.delimiter) })).toBe(path.join(dir, 'func'))
})

it('otherwise there is none', () => {
  expect(realHostProgram({ PATH: '/nonexistent' })).toBeUndefined()
})
