/**
 * The environment of azd as hooks read it: judged by the lines with which the app will read it, and each variable in its normal form.
 * So a hook registers the address that the app will send, and never a cousin of it, and nobody waits for a deployment whose app would
 * not start.
 */
import { readSettings } from '../../lib/config/config.ts'
import { createSettingsReader, type Environment } from '../../lib/config/settingsReader.ts'
import { asAppError } from '../../lib/errors/appError.ts'
import { rememberValues } from './azdEnvironment.ts'
import type { Deployment } from './deployment.ts'
import { HookFault } from './hookFault.ts'

type Forms = Readonly<Record<string, string>>

const FLAGS = [
  'SIGNET_ASSIGNMENT_REQUIRED',
  'SIGNET_CREATE_DNS_ZONES',
  'SIGNET_GRANT_DEPLOYER',
  'SIGNET_GRANT_SAMPLE_ROLE',
  'SIGNET_GRANT_TENANT_CONSENT',
  'SIGNET_PRIVATE_NETWORKING',
  'SIGNET_PROBE_READY',
  'SIGNET_ZONE_REDUNDANT',
] as const

/** Stand for what a deployment will give. */
const NOWHERE = 'https://deployed.invalid'
const FRONT_END = 'https://front-end.invalid'
const SOMETHING = '00000000-0000-4000-8000-000000000000'
const SOMETHING_ELSE = '00000000-0000-4000-8000-000000000001'
/** The app gets them from the templates; what azd has under these names is for others. */
const NOT_OURS: Forms = { AZURE_CLIENT_ID: SOMETHING, SESSION_TABLES_URL: NOWHERE }

/** The deployment with its environment settled. Throws HookFault naming every variable that cannot be read, never a value. */
export function settled(deployment: Deployment): Deployment {
  return { ...deployment, env: settledEnvironment(deployment.env) }
}

/** The same, and azd keeps it, so that the templates read it too: they cannot read all that the app can. */
export async function keepSettled(given: Deployment): Promise<Deployment> {
  const deployment = settled(given)
  const changed = Object.entries(deployment.env).flatMap(([name, value]) =>
    // JSON is taken apart by the app alone, and stays as it was written.
    !value || value === given.env[name] || name === 'DOWNSTREAM_APIS' ? [] : [[name, value] as const],
  )
  await rememberValues(given, Object.fromEntries(changed))
  return deployment
}

/** Each variable in its normal form; one that is set to white space is empty. Throws HookFault. */
export function settledEnvironment(env: Environment): Environment {
  const stand = standIns(env)
  const forms = { ...choices(env), ...settings({ ...env, ...stand, ...NOT_OURS }) }
  const set = Object.entries(forms).filter(
    ([name]) => env[name] !== undefined && !Object.hasOwn(NOT_OURS, name),
  )
  return {
    ...env,
    ...Object.fromEntries(set.map(([name, form]) => [name, Object.hasOwn(stand, name) ? '' : form])),
  }
}

/** What is for the deployment only. */
function choices(env: Environment): Forms {
  const read = createSettingsReader(env, {
    SIGNET_REGISTRATION: 'own',
    SIGNET_RENEW: 'none',
    SIGNET_SIGNER_ROLE: 'custom',
  })
  for (const name of FLAGS) read.flag(name)
  read.oneOf('SIGNET_REGISTRATION', ['own', 'administrator'])
  read.oneOf('SIGNET_SIGNER_ROLE', ['custom', 'built-in'])
  read.text('SIGNET_RENEW')
  const faults = read.faults()
  if (faults.length > 0) throw unreadable(faults, 'docs/deploy.md says under "Choices" what each may be.')
  return read.normalForms()
}

function settings(env: Environment): Forms {
  try {
    return readSettings(env).normalForms
  } catch (fault) {
    const { code, context } = asAppError(fault)
    if (code !== 'config/invalid') throw fault
    const faults = (context.detail ?? '').split('; ')
    throw unreadable(faults, 'README.md says under "Settings" what each has to be.')
  }
}

function unreadable(faults: readonly string[], where: string): HookFault {
  const names = [...new Set(faults.map((fault) => fault.split(' ')[0] ?? ''))]
  return new HookFault(['The app would not start, or not as it was meant:', ...faults].join('\n  '), [
    ...names.map((name) => `azd env set ${name} <value>`),
    where,
  ])
}

/** In the place of what is not chosen, which templates and registration will give, and of what has no meaning here. */
function standIns(env: Environment): Forms {
  const isChosen = (name: string): boolean => /[^ \t\r\n]/.test(env[name] ?? '')
  const unlessChosen = (name: string, value: string): Forms => (isChosen(name) ? {} : { [name]: value })
  const tenant = createSettingsReader(env, { ENTRA_TENANT_ID: SOMETHING }).tenant('ENTRA_TENANT_ID')
  return {
    ...unlessChosen('KEY_VAULT_URL', NOWHERE),
    ...unlessChosen('PUBLIC_URL', NOWHERE),
    ...unlessChosen('ENTRA_TENANT_ID', SOMETHING),
    ...unlessChosen('ENTRA_CLIENT_ID', SOMETHING),
    // The account that is made for the folder; the app is told its address.
    ...(isChosen('SIGNET_FRONT_END_FOLDER') ? unlessChosen('FRONT_END_URL', FRONT_END) : {}),
    ...unlessChosen('APP_ONLY_CLIENT_ID', SOMETHING_ELSE),
    // Left over from a time when several tenants signed in, it is dropped by the templates as well.
    ...(tenant === 'organizations'
      ? unlessChosen('APP_ONLY_TENANT_ID', SOMETHING)
      : { APP_ONLY_TENANT_ID: '' }),
  }
}
