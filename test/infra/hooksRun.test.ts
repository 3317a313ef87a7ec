/** The hooks as azd starts them: plain Node, their own process, real commands. */
import { expect, test } from 'vitest'
import { runCommand } from '../../infra/hooks/run.ts'
import { refusal } from '../support/openHookWorld.ts'

test('a command gets its arguments as they are, its environment on top, and gives back what it printed', async () => {
  const script =
    'console.log(process.argv[1], process.env.SIGNET_TEST); console.error("no"); process.exitCode = 3'
  const argument = '[{"key": "a b$c"}]'
  const result = await runCommand(process.execPath, ['-e', script, argument], { SIGNET_TEST: 'laid over' })
  expect(result).toEqual({ code: 3, stdout: `${argument} laid over\n`, stderr: 'no\n' })
})

test.for([
  ['prepackage', 'npm could not be started.', '  Install npm'],
  ['preprovision', 'az could not be started.', '  Install the Azure CLI'],
  ['postprovision', 'SIGNET_APP_URL is not set', '  azd up'],
  ['postdeploy', 'npm could not be started.', '  Install npm'],
])('the hook %s runs in plain Node, and fails with what it saw and what to do', async ([name, seen, fix]) => {
  const env = { AZURE_ENV_NAME: 'example', AZURE_SUBSCRIPTION_ID: 'any', AZURE_LOCATION: 'any', PATH: '' }
  const { code, stderr } = await runCommand(process.execPath, [`infra/hooks/${name}.ts`], env)
  const [first = '', second = ''] = stderr.split('\n')
  expect(code).toBe(1)
  expect(first).toContain(seen)
  expect(second).toContain(fix)
})

test('a command that is not installed says where it comes from', async () => {
  const path = process.env.PATH
  process.env.PATH = ''
  try {
    expect((await refusal(runCommand('az', ['account', 'show']))).fixes[0]).toContain('install-azure-cli')
  } finally {
    process.env.PATH = path
  }
})
