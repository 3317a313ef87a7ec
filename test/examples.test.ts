/** The example front end is what somebody begins with: it compiles as it is, by its own settings. */
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

test('the example front end type-checks with the settings that it brings', { timeout: 60_000 }, () => {
  const compiler = 'node_modules/typescript/bin/tsc'
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', 'examples/front-end'], {
    encoding: 'utf8',
  })
  expect([status, stdout]).toEqual([0, ''])
})
