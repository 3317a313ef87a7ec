/**
 * Stands in for the directory behind Microsoft Graph and the Graph extension of Bicep: applications that remember, a bin, and the refusals
 * that its users report.
 */
import { createHash, randomUUID } from 'node:crypto'
import type { RegisteredCredential } from '../../../infra/hooks/keyCredential.ts'
import { type RegistrationSubject, registrationRequest } from '../../../infra/hooks/registrationRequest.ts'
import { type Answer, json, refuse } from './answer.ts'

export interface Application {
  readonly appId: string
  readonly uniqueName: string
  readonly keyCredentials: readonly RegisteredCredential[]
  readonly [property: string]: unknown
}

export interface Directory {
  /** By unique name. */
  readonly applications: Map<string, Application>
  /** Deleted within the last 30 days, by unique name. */
  readonly bin: Map<string, Application>
  readonly roleAssignments: { principalId: string; resourceId: string; appRoleId: string }[]
  /** What the template of the registrations does. */
  deploy(
    subject: RegistrationSubject,
    lists: Readonly<Record<'signIn' | 'appOnly', string | undefined>>,
  ): Answer
  get(path: string): Answer
  assignRole(body: string): Answer
  credentialsOf(uniqueName: string): readonly RegisteredCredential[]
  delete(uniqueName: string): void
  restore(uniqueName: string): void
}

export const SIGN_IN_CLIENT_ID = '00000000-0000-4000-8000-00000000000c'
export const APP_ONLY_CLIENT_ID = '00000000-0000-4000-8000-0000000000ac'
const ROLE_ID = '00000000-0000-4000-8000-0000000000f1'
const NOT_FOUND = refuse('Not Found({"error":{"code":"Request_ResourceNotFound"}})')

export function openDirectory(): Directory {
  const applications = new Map<string, Application>()
  const bin = new Map<string, Application>()
  const principals = new Map<string, string>()
  const roleAssignments: Directory['roleAssignments'] = []

  function principalOf(appId: string): string {
    const id = principals.get(appId) ?? `principal of ${appId}`
    principals.set(appId, id)
    return id
  }

  /** One application as the extension writes it: all or nothing. */
  function write(uniqueName: string, body: object, list: readonly Partial<RegisteredCredential>[]): Answer {
    if (bin.has(uniqueName)) {
      const property = 'identifierUris' in body ? 'identifierUris' : 'uniqueName'
      return refuse(`Another object with the same value for property ${property} already exists.`)
    }
    const before = applications.get(uniqueName)
    const fault = list.map((entry) => refusalOf(entry, before?.keyCredentials ?? [])).find(Boolean)
    if (fault !== undefined) return refuse(fault)
    const appId = before?.appId ?? firstIdOf(uniqueName, applications, bin)
    applications.set(uniqueName, { ...body, appId, uniqueName, keyCredentials: list.map(stored) })
    principalOf(appId)
    return {}
  }

  return {
    applications,
    bin,
    roleAssignments,
    credentialsOf: (uniqueName) => applications.get(uniqueName)?.keyCredentials ?? [],
    deploy(subject, lists) {
      const { environmentName } = subject
      const bodies = registrationRequest(subject, { signingCertificates: [], appOnlyCertificates: [] })
      const [signIn, appOnly] = [`signet-${environmentName}`, `signet-app-only-${environmentName}`]
      const sample = { appRoles: [{ id: ROLE_ID, value: 'Whoami.Read' }] }
      const answers = [
        write(signIn, bodies[signIn] ?? {}, listOf(lists.signIn)),
        write(appOnly, bodies[appOnly] ?? {}, listOf(lists.appOnly)),
        write(`signet-sample-api-${environmentName}`, sample, []),
      ]
      return (
        answers.find(({ code }) => code !== undefined) ??
        json({
          // Resource Manager has been seen to change the case of names.
          entrA_CLIENT_ID: { value: applications.get(signIn)?.appId },
          APP_ONLY_CLIENT_ID: { value: applications.get(appOnly)?.appId },
          ENTRA_OBJECT_ID: { value: objectIdOf(applications.get(signIn)?.appId) },
          APP_ONLY_OBJECT_ID: { value: objectIdOf(applications.get(appOnly)?.appId) },
        })
      )
    },
    get(path) {
      if (path === 'policies/defaultAppManagementPolicy')
        return json({ id: 'default', isEnabled: false, applicationRestrictions: { keyCredentials: [] } })
      const [, byName] = /^applications\(uniqueName='([^']*)'\)/.exec(path) ?? []
      const application = applications.get(byName ?? '')
      if (application !== undefined) return json(shown(application, path))
      const [, byAppId = ''] = /^servicePrincipals\(appId='([^']*)'\)/.exec(path) ?? []
      if (principals.has(byAppId)) return json({ id: principals.get(byAppId) })
      const [, principalId] = /^servicePrincipals\/([^/]*)\/appRoleAssignments/.exec(path) ?? []
      if (principalId === undefined) return NOT_FOUND
      return json({
        value: roleAssignments.filter((one) => one.principalId === decodeURIComponent(principalId)),
      })
    },
    assignRole(body) {
      const wanted = JSON.parse(body) as Directory['roleAssignments'][number]
      const isThere = roleAssignments.some((one) => JSON.stringify(one) === JSON.stringify(wanted))
      if (isThere) return refuse('Permission being assigned already exists on the object')
      roleAssignments.push(wanted)
      return json(wanted)
    },
    delete(uniqueName) {
      const application = applications.get(uniqueName)
      if (application !== undefined) bin.set(uniqueName, application)
      applications.delete(uniqueName)
    },
    restore(uniqueName) {
      const application = bin.get(uniqueName)
      if (application !== undefined) applications.set(uniqueName, application)
      bin.delete(uniqueName)
    },
  }
}

/** Of the application object: another GUID than the client id. */
export function objectIdOf(clientId = ''): string {
  return clientId.replace(/^.{8}/, 'dddddddd')
}

/** The same ids in every test, until one is used up. */
function firstIdOf(uniqueName: string, ...used: readonly Map<string, Application>[]): string {
  const first = uniqueName.includes('app-only') ? APP_ONLY_CLIENT_ID : SIGN_IN_CLIENT_ID
  const ids = used.flatMap((applications) => [...applications.values()].map(({ appId }) => appId))
  return ids.includes(first) || uniqueName.includes('sample-api') ? randomUUID() : first
}

function listOf(list: string | undefined): readonly Partial<RegisteredCredential>[] {
  return JSON.parse(list ?? 'null') as readonly Partial<RegisteredCredential>[]
}

/** Graph gives each new entry an id, and from then on takes the entry as it is or not at all. */
function refusalOf(
  entry: Partial<RegisteredCredential>,
  before: readonly RegisteredCredential[],
): string | undefined {
  if (Date.parse(entry.endDateTime ?? '') < Date.now()) return 'Key credential end date is invalid.'
  if (entry.keyId === undefined) return undefined
  const same = before.find(({ keyId }) => keyId === entry.keyId)
  if (same === undefined) return `Invalid value specified for property 'keyId' of resource 'KeyCredential'.`
  const isUnchanged = Object.entries(entry).every(
    ([name, value]) => same[name as keyof RegisteredCredential] === value,
  )
  return isUnchanged ? undefined : `Update to existing credential with KeyId '${entry.keyId}' is not allowed.`
}

/** As Graph gives it back: an id and a thumbprint of its own, whole seconds. */
function stored(entry: Partial<RegisteredCredential>): RegisteredCredential {
  if (entry.keyId !== undefined) return entry as RegisteredCredential
  const seconds = (time = ''): string => time.replace('.000Z', 'Z')
  return {
    customKeyIdentifier: createHash('sha1')
      .update(Buffer.from(entry.key ?? '', 'base64'))
      .digest('base64'),
    displayName: entry.displayName ?? null,
    endDateTime: seconds(entry.endDateTime),
    key: entry.key ?? null,
    keyId: randomUUID(),
    startDateTime: seconds(entry.startDateTime),
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
  }
}

/** What was selected, with more than was written, in another order, and without what is off. */
function shown(application: Application, path: string): Readonly<Record<string, unknown>> {
  const selected = (path.split('$select=')[1] ?? '').split(',')
  const entries = Object.entries(application).filter(([name]) => selected.includes(name))
  return Object.fromEntries(entries.map(([name, value]) => [name, asGraphWrites(value)]).toReversed())
}

function asGraphWrites(value: unknown): unknown {
  if (value === false) return null
  if (Array.isArray(value)) return value.map(asGraphWrites).toReversed()
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, one]) => [name, asGraphWrites(one)])
  return { ...Object.fromEntries(entries), origin: 'Application' }
}
