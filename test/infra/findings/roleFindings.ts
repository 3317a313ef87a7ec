/**
 * Who may do what, as an allow-list: an assignment that is not on it is a finding, and so is a missing one. Roles by id, because
 * that is what a template assigns; each with its scope and the kind of principal.
 */
import { TABLE_NAME } from '../../../lib/session/table.ts'
import { at, listAt, ofType, type PredictedResource, type Prediction } from '../../support/prediction.ts'

/** Whoever runs the deployment, which is known when it runs. */
const DEPLOYER = '[deployer().objectId]'

interface Grant {
  readonly who: 'app' | 'deployer'
  readonly role: string
  readonly scope: string
}

const ROLE_NAMES: Readonly<Record<string, string>> = {
  'a4417e6f-fecd-4de8-b567-7b0420556985': 'Key Vault Certificates Officer',
  '12338af0-0e69-4776-bea7-57ae8d297424': 'Key Vault Crypto User',
  '21090545-7ca7-4776-b22c-e363652d74d2': 'Key Vault Reader',
  '3913510d-42f4-4e42-8a64-420c390055eb': 'Monitoring Metrics Publisher',
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe': 'Storage Blob Data Contributor',
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b': 'Storage Blob Data Owner',
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3': 'Storage Table Data Contributor',
}

/** All that each role of our own may do. Nothing with a wildcard, nothing about secrets, no unwrapping, exporting or changing. */
const OWN_ROLES: Readonly<Record<string, readonly string[]>> = {
  signer: [
    'Microsoft.KeyVault/vaults/certificates/read',
    'Microsoft.KeyVault/vaults/keys/read',
    'Microsoft.KeyVault/vaults/keys/sign/action',
  ],
  maker: ['Microsoft.KeyVault/vaults/certificates/create/action'],
}

/** Assignments that are not on the allow-list, those that are missing from it, and a role of our own that may do more. */
export function roleFindings(prediction: Prediction): string[] {
  const definitions = ofType(prediction, 'Microsoft.Authorization/roleDefinitions')
  const assignments = ofType(prediction, 'Microsoft.Authorization/roleAssignments')
  const found = assignments.map((assignment) => describe(grantOf(assignment, definitions)))
  const hasDeployer = assignments.some((assignment) => principalOf(assignment) === 'deployer')
  const hasFrontEnd = ofType(prediction, 'Microsoft.Storage/storageAccounts').some(({ name }) =>
    name?.startsWith('stweb'),
  )
  const [settings] = ofType(prediction, 'Microsoft.Web/sites/config')
  const has = {
    customRoles: definitions.length > 0,
    makesVersions: at(settings, 'properties.ROTATION') === 'auto',
    deployer: hasDeployer,
    frontEnd: hasFrontEnd,
  }
  const allowed = allowList(has).map(describe)
  return [
    ...definitions.flatMap(definitionFindings),
    ...assignments.flatMap(principalFindings),
    ...found.filter((grant) => !allowed.includes(grant)).map((grant) => `not allowed: ${grant}`),
    ...allowed.filter((grant) => !found.includes(grant)).map((grant) => `missing: ${grant}`),
    ...found.filter((grant, i) => found.indexOf(grant) !== i).map((grant) => `twice: ${grant}`),
  ]
}

/** Versions of certificates are made by the app only where ROTATION says so, and by a role that allows nothing else. */
function allowList(
  has: Readonly<Record<'customRoles' | 'makesVersions' | 'deployer' | 'frontEnd', boolean>>,
) {
  const signing = has.customRoles ? ['signer'] : ['Key Vault Crypto User', 'Key Vault Reader']
  const making = has.customRoles && has.makesVersions ? ['maker'] : []
  const app: Grant[] = [
    ...[...signing, ...making].map((role) => ({ who: 'app', role, scope: 'vault' }) as const),
    { who: 'app', role: 'Storage Blob Data Owner', scope: 'host account' },
    { who: 'app', role: 'Storage Table Data Contributor', scope: 'host account' },
    { who: 'app', role: 'Storage Table Data Contributor', scope: 'session table' },
    { who: 'app', role: 'Monitoring Metrics Publisher', scope: 'component' },
  ]
  const deployer: Grant[] = [
    ...signing.map((role) => ({ who: 'deployer', role, scope: 'vault' }) as const),
    { who: 'deployer', role: 'Key Vault Certificates Officer', scope: 'vault' },
    { who: 'deployer', role: 'Storage Table Data Contributor', scope: 'session table' },
    ...(has.frontEnd
      ? [
          {
            who: 'deployer',
            role: 'Storage Blob Data Contributor',
            scope: 'front-end account',
          } as const,
        ]
      : []),
  ]
  return has.deployer ? [...app, ...deployer] : app
}

function grantOf(assignment: PredictedResource, definitions: readonly PredictedResource[]): Grant {
  const roleId = String(at(assignment, 'properties.roleDefinitionId')).split('/').at(-1) ?? ''
  const own = definitions.find((definition) => definition.name === roleId)
  return {
    who: principalOf(assignment),
    role: own === undefined ? (ROLE_NAMES[roleId] ?? roleId) : ownRoleOf(own),
    scope: scopeOf(assignment),
  }
}

/** The app's principal is an output of the identity module; one that is given, or whoever deploys, is the deployer. */
function principalOf(assignment: PredictedResource): Grant['who'] {
  const principalId = String(at(assignment, 'properties.principalId'))
  return principalId === DEPLOYER || !principalId.startsWith('[') ? 'deployer' : 'app'
}

function scopeOf({ id = '' }: PredictedResource): string {
  const scope =
    /^\[extensionResourceId\('([^']+)'/.exec(id)?.[1] ??
    id.split('/providers/Microsoft.Authorization/')[0] ??
    ''
  const type = scope.split('/providers/')[1]?.split('/') ?? []
  const [family, name] = [`${type[0]}/${type[1]}`, type[2] ?? '']
  if (family === 'Microsoft.KeyVault/vaults' && type.length === 3) return 'vault'
  if (family === 'Microsoft.Insights/components' && type.length === 3) return 'component'
  if (family === 'Microsoft.Storage/storageAccounts' && type.length === 3 && name.startsWith('sthost'))
    return 'host account'
  if (family === 'Microsoft.Storage/storageAccounts' && type.length === 3 && name.startsWith('stweb'))
    return 'front-end account'
  if (scope.endsWith(`/tableServices/default/tables/${TABLE_NAME}`) && name.startsWith('stsess'))
    return 'session table'
  return scope
}

function principalFindings(assignment: PredictedResource): string[] {
  const principalId = String(at(assignment, 'properties.principalId'))
  const type = at(assignment, 'properties.principalType')
  if (principalOf(assignment) === 'deployer') {
    return ['User', 'Group', 'ServicePrincipal'].includes(String(type))
      ? []
      : [`${assignment.name} has no principal type`]
  }
  return [
    ...(/'identity-\{0\}'.*\.outputs\.principalId\.value\]$/.test(principalId)
      ? []
      : [`${assignment.name} is for ${principalId}, which is not the app's identity`]),
    ...(type === 'ServicePrincipal' ? [] : [`${assignment.name} calls the app's identity a ${type}`]),
  ]
}

/** `Signet signer (kv-example)` is the signer. */
function ownRoleOf(definition: PredictedResource): string {
  const name = String(at(definition, 'properties.roleName'))
  return /^Signet (\w+) \(/.exec(name)?.[1] ?? name
}

function definitionFindings(definition: PredictedResource): string[] {
  const role = ownRoleOf(definition)
  const [permission, ...more] = listAt(definition, 'properties.permissions')
  const granted = [...listAt(permission, 'dataActions'), ...listAt(permission, 'actions')].map(String)
  const scopes = listAt(definition, 'properties.assignableScopes').map(String)
  return [
    ...(more.length === 0 && granted.toSorted().join() === OWN_ROLES[role]?.join()
      ? []
      : [`the ${role} role may ${granted.join(', ')}`]),
    ...(scopes.length === 1 && /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/.test(scopes[0] ?? '')
      ? []
      : [`the ${role} role can be assigned at ${scopes.join(', ')}`]),
  ]
}

function describe({ who, role, scope }: Grant): string {
  return `${who}: ${role} on ${scope}`
}
