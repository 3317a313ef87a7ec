import { expect, test } from 'vitest'
import { prove } from '../../infra/hooks/prove.ts'
import { type AzureCli, openAzureCli } from '../support/azure/openAzureCli.ts'
import { commandDeployment, ENVIRONMENT } from '../support/commandDeployment.ts'
import { refusal } from '../support/openHookWorld.ts'

test('the doctor looks again while things spread, as the identity of the app', async () => {
  const [cli, slept]: [AzureCli, number[]] = [openAzureCli(ENVIRONMENT), []]
  cli.answers.set('npm run', [{ code: 1 }, { code: 1 }])
  await prove(commandDeployment(cli, slept))
  expect(slept).toEqual([30_000, 30_000])
  expect(cli.commands).toHaveLength(3)
  expect(cli.commands[0]).toEqual({
    line: 'npm run --silent doctor -- --json',
    env: { AZURE_CLIENT_ID: ENVIRONMENT.SIGNET_IDENTITY_CLIENT_ID },
  })
})

test('what the doctor cannot find out from here is told and fails nothing', async () => {
  const cli = openAzureCli(ENVIRONMENT)
  cli.answers.set('npm run', [{ code: 2, stdout: report('pass') }])
  const said: string[] = []
  await prove({ ...commandDeployment(cli), say: (line) => said.push(line) })
  expect(cli.commands).toHaveLength(1)
  expect(said.join()).toMatch(/✓ assertion .*\n\? public .*\n\n1 passed, 0 failed, 1 unknown\./)
})

test('but without a token of Entra nothing is proven, though nothing failed', async () => {
  const cli = openAzureCli(ENVIRONMENT)
  cli.answers.set('npm run', Array(9).fill({ code: 2, stdout: report('unknown') }))
  await refusal(prove(commandDeployment(cli)))
  expect(cli.commands).toHaveLength(6)
})

test('the managed identity proves itself in Azure only, which is told', async () => {
  const cli = openAzureCli({ ...ENVIRONMENT, CREDENTIAL: 'managed-identity' })
  cli.answers.set('npm run', [{ code: 2, stdout: report('unknown') }])
  await prove(commandDeployment(cli))
  expect(cli.commands).toHaveLength(1)
})

function report(assertion: 'pass' | 'unknown'): string {
  const checks = [
    { id: 'assertion', title: 'a', verdict: assertion, seen: 'Seen.' },
    { id: 'public', title: 'p', verdict: 'unknown', seen: 'Not seen.' },
  ]
  return JSON.stringify({ verdict: 'unknown', checks })
}

test('a doctor that stays unhappy fails the deployment, with its words', async () => {
  const cli = openAzureCli(ENVIRONMENT)
  cli.answers.set(
    'npm run',
    Array.from({ length: 9 }, () => ({ code: 1, stdout: 'sign: fail' })),
  )
  const said: string[] = []
  await refusal(prove({ ...commandDeployment(cli), say: (line) => said.push(line) }))
  expect(cli.commands).toHaveLength(6)
  expect(said.at(-1)).toBe('sign: fail')
})
