/** The environment that azd keeps reaches the templates under the names that the documentation gives, and nothing is lost. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { promisify } from 'node:util'
import { expect, it, test, vi } from 'vitest'
import { SETTINGS } from '../../lib/config/settings.ts'
import { parametersFrom } from '../support/azure/provisioning.ts'
import { bicepPath } from '../support/bicepPath.ts'
import { describeWith } from '../support/describeWith.ts'
import { INFRA } from '../support/infraCopy.ts'
import { NOT_DEPLOYED } from './findings/settingFindings.ts'

// The compiler takes seconds to start on an idle machine, and far longer on a busy one.
vi.setConfig({ testTimeout: 120_000 })
const compilerPath = bicepPath()
const run = promisify(execFile)

/** Settings that the deployment derives, so that nobody chooses them. */
const DERIVED = ['AZURE_CLIENT_ID', 'KEY_VAULT_URL', 'SESSION_TABLES_URL']

interface Parameters {
  readonly parameters: Readonly<Record<string, { readonly value?: unknown }>>
}

async function parametersIn(env: Readonly<Record<string, string>>): Promise<Parameters['parameters']> {
  const file = `${INFRA}live/live.bicepparam`
  const { stdout } = await run(compilerPath ?? '', ['build-params', '--stdout', file], {
    env: { HOME: homedir(), ...env },
  })
  const { parametersJson } = JSON.parse(stdout) as { readonly parametersJson: string }
  return (JSON.parse(parametersJson) as Parameters).parameters
}

/** A value of those settings that the template takes a few words for. */
const ONE_OF: Readonly<Record<string, string>> = {
  ASSERTION_PROFILE: 'rfc10070',
  CREDENTIAL: 'vault',
  FRONT_END_SIGN_IN: 'required',
}

describeWith({ 'the Bicep compiler (BICEP)': compilerPath }, 'live.bicepparam', () => {
  it('asks for a name, a region and a client only, and hands on every setting that can be chosen and no other', async () => {
    const chosen = SETTINGS.map(({ name }) => name).filter(
      (name) => !DERIVED.includes(name) && !(name in NOT_DEPLOYED),
    )
    const values = Object.fromEntries(chosen.map((name) => [name, ONE_OF[name] ?? `<${name}>`]))

    const { settings } = await parametersIn({
      AZURE_ENV_NAME: 'dev',
      AZURE_LOCATION: 'westeurope',
      ...values,
    })

    expect(settings?.value).toEqual(values)
  })
})

test('main.parameters.json reads every parameter of main.bicep from one variable, but for those that only a template can give', () => {
  const { parameters } = JSON.parse(readFileSync(`${INFRA}main.parameters.json`, 'utf8')) as Parameters
  const declared = [...readFileSync(`${INFRA}main.bicep`, 'utf8').matchAll(/^param (\w+) /gm)].map(
    ([, name]) => name,
  )
  const given = ['extraTags', 'deployerPrincipalId']

  expect(Object.keys(parameters)).toEqual(declared.filter((name) => !given.includes(name ?? '')))
  // One is a setting of the app as well.
  for (const { value } of Object.values(parameters))
    expect(value).toMatch(/^\$\{((AZURE|SIGNET)_[A-Z_]+|ROTATION)\}$/)
})

test('what azd was not told leaves a parameter out, so that its default is the one in the template', () => {
  const told = { AZURE_ENV_NAME: 'dev', AZURE_LOCATION: 'westeurope' }
  expect(parametersFrom(told)).toEqual({ environmentName: 'dev', location: 'westeurope' })
})

test('azd offers the regions of main.bicep and no other: it does so for parameters in JSON only, and asks about quotas of models only', () => {
  const [, metadata = '', allowed = ''] =
    /@metadata\((.*)\)\n@allowed\(\[\n([^\]]*)\]\)\nparam location string\n/.exec(
      readFileSync(`${INFRA}main.bicep`, 'utf8'),
    ) ?? []
  const regions = [...allowed.matchAll(/'(\w+)'/g)].map(([, region]) => region)

  expect(existsSync(`${INFRA}main.bicepparam`)).toBe(false)
  expect(metadata).toBe("{ azd: { type: 'location' } }")
  expect(regions.length).toBeGreaterThan(25)
  expect(regions).toEqual([...new Set(regions)].toSorted())
})
