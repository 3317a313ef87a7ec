/** For how many months a certificate is made: what was asked for, and never more than a policy of the tenant allows. */
import { SETTINGS } from '../../lib/config/settings.ts'
import { readManagementPolicy } from '../../lib/entra/graphPolicies.ts'
import { judgeCertificate } from '../../lib/rotation/policy.ts'
import type { Deployment } from './deployment.ts'
import { NoDirectoryRights, readGraph } from './graph.ts'
import { HookFault } from './hookFault.ts'

/** Short enough to be a habit where the app changes over by itself; by hand, once a year is habit enough. */
const MONTHS_OF_A_HABIT = 3
const MONTHS_BY_HAND = 12

type Asking = Pick<Deployment, 'env' | 'run' | 'say'>

/**
 * `readsPolicy`: whether the directory may be asked. Throws HookFault for what is no number of months, and where the tenant allows no
 * certificate that the vault could make.
 */
export async function certificateMonths(
  deployment: Asking,
  { readsPolicy }: { readonly readsPolicy: boolean },
): Promise<number> {
  const { env, say } = deployment
  const wished = wishedMonths(env)
  const tenant = readsPolicy ? await tenantPolicy(deployment) : undefined
  const { months, needsAuthority } = judgeCertificate({ tenant, own: 'not-permitted' }, wished)
  if (needsAuthority)
    throw new HookFault(
      'A policy of the tenant takes only certificates that authorities of its choice issued; the vault would sign its own.',
      [
        'Have the vault ask an authority, or merge a signed request, as docs/operate.md says under "Certificates of an authority".',
        'Or have an administrator give the applications a policy of their own.',
      ],
    )
  if (months === undefined)
    throw new HookFault(
      'A policy of the tenant allows certificates for less than a month, and a vault counts in months.',
      [
        'Have an administrator give the applications a policy of their own.',
        'Or use CREDENTIAL=managed-identity.',
      ],
    )
  if (months < wished) say(`The tenant allows no certificate for ${wished} months; it is made for ${months}.`)
  return months
}

/** Whether the app changes over by itself to a version that it finds in the vault; as the app reads the setting, its default included. */
export function isChangedOverByItself({ ROTATION: given }: Deployment['env']): boolean {
  const { defaultValue = 'manual' } = SETTINGS.find(({ name }) => (name as string) === 'ROTATION') ?? {}
  return (given || defaultValue) !== 'manual'
}

function wishedMonths(env: Deployment['env']): number {
  const given = env.SIGNET_CERTIFICATE_MONTHS
  if (!given) return isChangedOverByItself(env) ? MONTHS_OF_A_HABIT : MONTHS_BY_HAND
  const months = Number(given)
  if (/^\d{1,2}$/.test(given) && months >= 1 && months <= 24) return months
  throw new HookFault('SIGNET_CERTIFICATE_MONTHS must be a whole number from 1 to 24.', [
    'azd env set SIGNET_CERTIFICATE_MONTHS 3',
  ])
}

/** Undefined where the account may not read it: then it shows when the certificate is registered. */
async function tenantPolicy(deployment: Asking) {
  try {
    const policy = await readGraph<unknown>(deployment, 'policies/defaultAppManagementPolicy')
    return policy === undefined ? undefined : readManagementPolicy(policy, 'applicationRestrictions')
  } catch (fault) {
    if (fault instanceof NoDirectoryRights) return undefined
    throw fault
  }
}
