/** Answers of Azure Resource Manager and Log Analytics, read. Pure; what is not there is left out or called unknown, nothing is made up. */
import type { RoleEvidence, SignatureEvidence, VaultEvidence } from './evidence.ts'

type Members = Readonly<Record<string, unknown>>

export function readVault(answer: unknown): VaultEvidence {
  const properties = membersOf(membersOf(answer).properties)
  const days = properties.softDeleteRetentionInDays
  return {
    sku: textOf(membersOf(properties.sku).name),
    usesRoles: properties.enableRbacAuthorization === true,
    purgeProtection: properties.enablePurgeProtection === true,
    ...(typeof days === 'number' ? { recoverableDays: days } : {}),
    publicNetwork: textOf(properties.publicNetworkAccess ?? 'Enabled'),
    tokenBinding: textOf(membersOf(properties.tokenBindingParameters).mode ?? 'disabled'),
  }
}

/** Names of role definitions, by their id in lower case. */
export function roleNames(answer: unknown): ReadonlyMap<string, string> {
  return new Map(
    listOf(membersOf(answer).value).map((definition) => [
      lastOf(definition.id),
      textOf(membersOf(definition.properties).roleName),
    ]),
  )
}

/** Assignments on the vault, on what is in it and on what it lies in, by principal. */
export function readRoles(
  answer: unknown,
  names: ReadonlyMap<string, string>,
  vaultPath: string,
): readonly RoleEvidence[] {
  const assignments = listOf(membersOf(answer).value).map(({ properties }) => {
    const { principalId, principalType, roleDefinitionId, scope } = membersOf(properties)
    return {
      principal: textOf(principalId),
      principalType: textOf(principalType),
      role: names.get(lastOf(roleDefinitionId)) ?? `role ${lastOf(roleDefinitionId)}`,
      scope: scopeName(textOf(scope), vaultPath),
    }
  })
  return assignments.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
}

/** Resource id of the workspace that a diagnostic setting sends to; undefined where none does. */
export function workspaceIn(answer: unknown): string | undefined {
  const ids = listOf(membersOf(answer).value).map(({ properties }) => membersOf(properties).workspaceId)
  return ids.find((id): id is string => typeof id === 'string' && /^\/subscriptions\/[\w./()-]+$/.test(id))
}

/** The id by which a workspace is queried. */
export function customerIdOf(answer: unknown): string {
  return encodeURIComponent(textOf(membersOf(membersOf(answer).properties).customerId))
}

/** The table of the query `signatures-by-caller`. */
export function readSignatures(answer: unknown): readonly SignatureEvidence[] {
  const [table] = listOf(membersOf(answer).tables)
  const columns = listOf(table?.columns).map(({ name }) => textOf(name))
  const rows = Array.isArray(table?.rows) ? (table.rows as readonly unknown[]) : []
  return rows.filter(Array.isArray).map((row) => {
    const of = (name: string): unknown => row[columns.indexOf(name)]
    return {
      caller: textOf(of('Caller')),
      key: textOf(of('Id')),
      address: textOf(of('CallerIpAddress')),
      result: textOf(of('ResultSignature')),
      signatures: Number(of('Signatures')),
      lastAt: textOf(of('LastSeen')),
    }
  })
}

function scopeName(scope: string, vaultPath: string): string {
  const [given, vault] = [scope.toLowerCase(), vaultPath.toLowerCase()]
  if (given === vault) return 'the vault'
  if (given.startsWith(`${vault}/`)) return scope.slice(vaultPath.length + 1)
  return given.includes('/resourcegroups/') ? 'its resource group' : 'its subscription or above'
}

function sortKey({ principal, role, scope }: RoleEvidence): string {
  return `${principal} ${role} ${scope}`
}

function lastOf(id: unknown): string {
  return textOf(id).split('/').at(-1)?.toLowerCase() ?? ''
}

function listOf(value: unknown): readonly Members[] {
  return Array.isArray(value) ? value.map(membersOf) : []
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function textOf(value: unknown): string {
  return typeof value === 'string' && value !== '' ? value : 'unknown'
}
