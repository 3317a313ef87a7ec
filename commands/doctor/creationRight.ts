/** Whether the app's identity may make versions of certificates in a vault, by its roles there. */
import { AppError } from '../../lib/errors/appError.ts'
import { AzureFault, type ResourceManager } from '../resourceManager.ts'

const ROLES_API = '2022-04-01'
const ROLES = '/providers/Microsoft.Authorization'
const CREATE = 'Microsoft.KeyVault/vaults/certificates/create/action'

type Members = Readonly<Record<string, unknown>>

/** `no` only where every role that counts was read; `unknown` where whoever looks may not read them. `principal`: object id. */
export type CreationRight = 'yes' | 'no' | 'unknown'

/** Never rejects for what may not be read, or cannot be reached. */
export async function creationRight(
  { read, vaultPath }: Pick<ResourceManager, 'read' | 'vaultPath'>,
  { vaultUrl, certificate, principal }: Readonly<Record<'vaultUrl' | 'certificate' | 'principal', string>>,
): Promise<CreationRight> {
  try {
    const vault = vaultPath(vaultUrl)
    // Those of its groups as well, on the vault, on what it lies in and on what is in it.
    const filter = encodeURIComponent(`assignedTo('${principal}')`)
    const assigned = listIn(await read(`${vault}${ROLES}/roleAssignments?$filter=${filter}`, ROLES_API))
    const defined = listIn(await read(`${vault}${ROLES}/roleDefinitions`, ROLES_API))
    const counts = assigned
      .map(propertiesOf)
      .filter(({ scope }) => holdsFor(String(scope), vault, certificate))
    const roles = counts.map(({ roleDefinitionId }) =>
      defined.find(({ id }) => lastOf(id) === lastOf(roleDefinitionId)),
    )
    if (roles.some((role) => role !== undefined && allows(propertiesOf(role)))) return 'yes'
    return roles.includes(undefined) ? 'unknown' : 'no'
  } catch (fault) {
    if (fault instanceof AzureFault || fault instanceof AppError) return 'unknown'
    throw fault
  }
}

/** Whether an assignment at that scope holds for a certificate: at the certificate itself, at its vault, or above. */
function holdsFor(scope: string, vault: string, certificate: string): boolean {
  const target = `${vault}/certificates/${certificate}/`.toLowerCase()
  return target.startsWith(`${scope.replace(/\/$/, '')}/`.toLowerCase())
}

function allows({ permissions }: Members): boolean {
  return listOf(permissions).some(
    ({ dataActions, notDataActions }) => covers(dataActions) && !covers(notDataActions),
  )
}

/** Whether one of the patterns, in which `*` stands for anything, is of the action. */
function covers(patterns: unknown): boolean {
  return (
    Array.isArray(patterns) &&
    patterns.some((pattern) => new RegExp(`^${expressionOf(String(pattern))}$`, 'i').test(CREATE))
  )
}

function expressionOf(pattern: string): string {
  return pattern
    .split('*')
    .map((part) => part.replace(/\W/g, String.raw`\$&`))
    .join('.*')
}

function propertiesOf({ properties }: Members): Members {
  return typeof properties === 'object' && properties !== null ? { ...properties } : {}
}

function listIn(answer: unknown): readonly Members[] {
  return typeof answer === 'object' && answer !== null && 'value' in answer ? listOf(answer.value) : []
}

function listOf(value: unknown): readonly Members[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : []
}

function lastOf(id: unknown): string {
  return String(id).split('/').at(-1)?.toLowerCase() ?? ''
}
