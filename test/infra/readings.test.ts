/**
 * One reading of each setting: the same spellings go through the app, the hooks and the compiled templates. Each reads what the app
 * reads, or refuses. The doctor reads by the app's own lines.
 */
import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { HookFault } from '../../infra/hooks/hookFault.ts'
import { settledEnvironment } from '../../infra/hooks/settled.ts'
import { readSettings } from '../../lib/config/config.ts'
import { SETTINGS } from '../../lib/config/settings.ts'
import type { Environment } from '../../lib/config/settingsReader.ts'
import { AppError } from '../../lib/errors/appError.ts'
import { bicepText, evaluate, parametersOf } from '../support/bicepParameters.ts'
import { bicepPath } from '../support/bicepPath.ts'
import { NEEDED } from '../support/configOf.ts'
import { describeWith } from '../support/describeWith.ts'
import { copyInfra, type InfraCopy } from '../support/infraCopy.ts'
import { type Bicep, openBicep } from '../support/openBicep.ts'
import { at, ofType, parsePrediction } from '../support/prediction.ts'
import { SHARED, type SharedSetting } from './sharedSettings.ts'

// The compiler takes seconds to start on an idle machine, and far longer on a busy one.
vi.setConfig({ testTimeout: 120_000 })
const compiler = bicepPath() ?? ''

/** What a reader makes of a spelling: a value, nothing set, or a refusal. */
type Reading = { readonly value: unknown } | 'absent' | 'refused'

const BLANK = ['', ' ', '\t\r\n ']
const spellingsOf = ({ harmless, doubtful }: SharedSetting): string[] => [...harmless, ...doubtful, ...BLANK]

function readByApp(setting: SharedSetting, spelling: string): Reading {
  const { name, app, beside } = setting
  const detail = (env: Environment): string | undefined => {
    try {
      readSettings(env)
      return undefined
    } catch (fault) {
      if (!(fault instanceof AppError) || fault.code !== 'config/invalid') throw fault
      return fault.context.detail
    }
  }
  const env = { ...NEEDED, ...beside, [name]: spelling }
  const faults = detail(env)
  if (faults !== undefined) return faults === detail({ ...env, [name]: undefined }) ? 'absent' : 'refused'
  const { config, normalForms } = readSettings(env)
  return normalForms[name] === '' ? 'absent' : { value: app?.(config) }
}

function readByHooks({ name, hooks, beside }: SharedSetting, spelling: string): Reading {
  const env = { ...beside, [name]: spelling }
  const refusal = (given: Environment): string | undefined => {
    try {
      settledEnvironment(given)
      return undefined
    } catch (fault) {
      if (fault instanceof HookFault) return fault.message
      throw fault
    }
  }
  const refused = refusal(env)
  if (refused !== undefined) return refused === refusal({ ...env, [name]: undefined }) ? 'absent' : 'refused'
  const settled = settledEnvironment(env)
  return settled[name] === '' ? 'absent' : { value: hooks?.(settled) }
}

/** All in one run of the compiler. */
async function readByTemplates(
  asked: readonly { readonly templates: (text: string) => string; readonly spelling: string }[],
): Promise<readonly Reading[]> {
  const read = await evaluate(
    compiler,
    {
      from: 'modules/reading.bicep',
      functions: ['basePathIn', 'flagIn', 'guidIn', 'isBlank', 'originIn', 'tenantIn', 'wordIn'],
    },
    asked.map(({ templates, spelling }) => {
      const text = bicepText(spelling)
      return `isBlank(${text}) ? 'absent' : ${templates(text)}`
    }),
  )
  return read.map((text) =>
    text === 'absent'
      ? 'absent'
      : text === ''
        ? 'refused'
        : { value: String(text).replace(/^(True|False)$/, (flag) => flag.toLowerCase()) },
  )
}

describe('hooks', () => {
  const read = SHARED.filter(({ app, hooks }) => app !== undefined && hooks !== undefined)

  it.each(read)('$name is to them what it is to the app, however it is spelt', (setting) => {
    for (const spelling of spellingsOf(setting))
      expect([spelling, readByHooks(setting, spelling)]).toEqual([spelling, readByApp(setting, spelling)])
    for (const spelling of setting.harmless) expect(readByApp(setting, spelling)).toHaveProperty('value')
  })

  it('name every variable that they cannot read, and show none of the values', () => {
    const env = { PUBLIC_URL: 'https://secret.example/path', CREDENTIAL: 'secret' }
    expect(() => settledEnvironment(env)).toThrow(/PUBLIC_URL .*\n.*CREDENTIAL /)
    expect(() => settledEnvironment(env)).not.toThrow(/secret/)
    expect(() => settledEnvironment({ SIGNET_PROBE_READY: 'secret' })).toThrow(
      /\n {2}SIGNET_PROBE_READY must be/,
    )
  })

  it('and the templates read no setting that is missing in the table of those that are shared', () => {
    const own: readonly string[] = [...SETTINGS.map(({ name }) => name), ...SHARED.map(({ name }) => name)]
    const readIn = (file: string, pattern: RegExp): string[] =>
      [...new Set([...readFileSync(file, 'utf8').matchAll(pattern)].map(([, name = '']) => name))]
        .filter((name) => own.includes(name))
        .toSorted()
    const listed = (reader: 'hooks' | 'templates'): string[] =>
      [
        ...new Set(SHARED.filter((setting) => setting[reader] !== undefined).map(({ name }) => name)),
      ].toSorted()

    // All are read there, for all others; the last step hands the doctor one that it does not read itself.
    const hooks = readdirSync('infra/hooks')
      .filter((file) => !['settled.ts', 'prove.ts'].includes(file))
      .map((file) => `infra/hooks/${file}`)
    const byHooks = hooks.flatMap((file) => readIn(file, /\b([A-Z][A-Z_]+)\b/g))
    expect([...new Set(byHooks)].toSorted()).toEqual(listed('hooks'))
    const templates = [
      'infra/main.bicep',
      'infra/modules/settings.bicep',
      'infra/entra/entra.bicepparam',
      'infra/live/live.bicepparam',
    ]
    const byTemplates = templates.flatMap((file) =>
      readIn(
        file,
        /(?:checked\(\s*|(?:flagIn|wordIn|tenantIn|isBlank)\(readEnvironmentVariable\()'([A-Z_]+)'/g,
      ),
    )
    expect([...new Set(byTemplates)].toSorted()).toEqual(listed('templates'))
  })
})

it('the table in docs/deploy.md says who reads what', () => {
  const yes = (is: unknown): string => (is === undefined ? '' : 'yes')
  const rows = SHARED.map(
    ({ name, app, hooks, templates }) => `| \`${name}\` | ${yes(app)} | ${yes(hooks)} | ${yes(templates)} |`,
  )
  const [, section = ''] = readFileSync('docs/deploy.md', 'utf8').split('\n### One reading of each setting\n')
  const table = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('|'))
  expect(table.slice(2)).toEqual([...new Set(rows)])
})

describeWith({ 'the Bicep compiler (BICEP)': bicepPath() }, 'templates', () => {
  it('read each setting as the app does, or refuse it; what is harmless they do not refuse', async () => {
    const asked = SHARED.flatMap((setting) => {
      const { templates } = setting
      return templates === undefined
        ? []
        : spellingsOf(setting).map((spelling) => ({ setting, templates, spelling }))
    })
    const readings = await readByTemplates(asked)

    for (const [index, { setting, spelling }] of asked.entries()) {
      const theirs = readings[index]
      const first = setting.app === undefined ? readByHooks(setting, spelling) : readByApp(setting, spelling)
      const spelt = `${setting.name}=${JSON.stringify(spelling)}`
      if (theirs !== 'refused') expect([spelt, theirs]).toEqual([spelt, first])
      if (setting.harmless.includes(spelling)) expect([spelt, theirs]).not.toEqual([spelt, 'refused'])
    }
  })

  it('read no made-up address otherwise than the app', async () => {
    const part = (plain: string, ...odd: string[]): fc.Arbitrary<string> =>
      fc.oneof(
        { weight: 3, arbitrary: fc.constant(plain) },
        { weight: 1, arbitrary: fc.constantFrom(...odd) },
      )
    const address = fc
      .tuple(
        part('https://', 'HTTPS://', 'http://', 'https:/', 'https:\\', ''),
        fc.array(part('a', 'a', 'Z', '0', '9', '-', '_', '.', '%41', 'ü', '\u00ad', 'xn--', '\u200b'), {
          maxLength: 6,
        }),
        part('.example', '', '.EXAMPLE', '.0', '.0x1', '.example.'),
        part('', ':443', ':8443', ':0', ':', ':99999', ':+1', ':1e3'),
        part('', '/', '//', '/.', '/a', '?', '#', '\\', ' ', '\n', '\u00a0'),
      )
      .map(([scheme, host, end, port, path]) => `${scheme}${host.join('')}${end}${port}${path}`)
    const [setting] = SHARED
    if (setting?.templates === undefined) return expect.unreachable()
    const { templates } = setting
    const asked = fc.sample(address, 400).map((spelling) => ({ templates, spelling }))
    const readings = await readByTemplates(asked)

    const accepted = readings.filter((reading) => reading !== 'refused' && reading !== 'absent')
    expect(accepted.length).toBeGreaterThan(10)
    for (const [index, { spelling }] of asked.entries()) {
      if (readings[index] !== 'refused')
        expect([spelling, readings[index]]).toEqual([spelling, readByApp(setting, spelling)])
    }
  })

  describe('as a whole', () => {
    let bicep: Bicep
    let infra: InfraCopy
    beforeAll(() => {
      bicep = openBicep(compiler)
      infra = copyInfra()
    })
    afterAll(() => {
      bicep.close()
      infra.remove()
    })

    async function predict(file: string, right: string, spelling: string) {
      const undo = infra.plant(file, bicepText(right), bicepText(spelling))
      try {
        return parsePrediction(await bicep.snapshot(infra.path(file), 'rg-example'))
      } finally {
        undo()
      }
    }

    it('hand the app and its alerts an address in its normal form, whatever was chosen', async () => {
      const prediction = await predict(
        'params/max.live.bicepparam',
        'https://signin.example.com',
        ' HTTPS://SignIn.Example.com:443/\n',
      )
      const [settings] = ofType(prediction, 'Microsoft.Web/sites/config')
      const [probe] = ofType(prediction, 'Microsoft.Insights/webtests')
      expect(at(settings, 'properties.PUBLIC_URL')).toBe('https://signin.example.com')
      expect(at(probe, 'properties.Request.RequestUrl')).toBe('https://signin.example.com/api/health/ready')
    })

    it.each(['https://signin.example.com/app', 'https://bücher.example', 'https://signin.example.com\u00a0'])(
      'deploy nothing for an app at %j, and name the setting',
      async (spelling) => {
        const attempt = predict('params/max.live.bicepparam', 'https://signin.example.com', spelling)
        await expect(attempt).rejects.toThrow(/PUBLIC_URL cannot be read/)
      },
    )

    it('take a setting of white space for one that is not set', async () => {
      const prediction = await predict('params/max.live.bicepparam', 'openid profile offline_access', ' \t')
      const [settings] = ofType(prediction, 'Microsoft.Web/sites/config')
      expect(at(settings, 'properties.ENTRA_SCOPES')).toBeUndefined()
    })

    describeWith(
      { 'the Graph extension (GRAPH_EXTENSION)': process.env.GRAPH_EXTENSION },
      'registrations',
      () => {
        it('get the redirect URI that the app sends: an address with a slash too many registers none of its own', async () => {
          const prediction = await predict(
            'params/entra.bicepparam',
            'https://signin.example.com',
            'https://SIGNIN.example.com//',
          )
          const web = prediction.predictedResources.map((one) => at(one, 'properties.web')).find(Boolean)
          expect(at(web, 'redirectUris')).toEqual([
            'https://signin.example.com/auth/callback',
            'https://signin.example.com/auth/signed-out',
          ])
          expect(at(web, 'logoutUrl')).toBe('https://signin.example.com/auth/frontchannel-logout')
        })

        const ENTRA = {
          AZURE_ENV_NAME: 'example',
          PUBLIC_URL: 'https://signin.example.com',
          SIGNET_SIGNING_CERTIFICATES: '[]',
          SIGNET_APP_ONLY_CERTIFICATES: '[]',
          SIGNET_IDENTITY_PRINCIPAL_ID: 'the identity',
        }
        const parameters = (env: Readonly<Record<string, string>>) =>
          parametersOf(compiler, infra.path('entra/entra.bicepparam'), { ...ENTRA, ...env })

        it('are federated for the word that the app knows, and for no other', async () => {
          for (const CREDENTIAL of [' managed-identity ', 'vault,managed-identity'])
            expect(await parameters({ CREDENTIAL })).toMatchObject({ federatedPrincipalId: 'the identity' })
          expect(await parameters({ CREDENTIAL: ' ' })).toMatchObject({ federatedPrincipalId: '' })
          await expect(parameters({ CREDENTIAL: 'Managed-Identity' })).rejects.toThrow(/CREDENTIAL must be/)
        })

        it('are for several tenants where the app sends people to organizations, and only there', async () => {
          expect(await parameters({ ENTRA_TENANT_ID: 'Organizations\n' })).toMatchObject({
            signInAudience: 'AzureADMultipleOrgs',
          })
          expect(await parameters({ ENTRA_ALLOWED_TENANTS: ' , ' })).toMatchObject({
            signInAudience: 'AzureADMyOrg',
          })
          await expect(parameters({ ENTRA_TENANT_ID: 'organization' })).rejects.toThrow(
            /ENTRA_TENANT_ID must be/,
          )
        })
      },
    )
  })
})
