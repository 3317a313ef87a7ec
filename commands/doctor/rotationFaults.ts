/** What is wrong with the exchange of a certificate, the gravest first. Pure. */
import { ERRORS } from '../../lib/errors/table.ts'
import { leftBehind } from '../../lib/rotation/lookUp.ts'
import type { RotationStatus } from '../../lib/rotation/status.ts'
import { ACTIVATION_DELAY_MS, createdAtMs } from '../../lib/vault/versions.ts'
import type { Commands } from './commands.ts'
import type { ExaminedCertificate, ExaminedClient } from './examination.ts'
import type { RotationFacts } from './rotationFacts.ts'
import { isRegistered, newerThanSigning } from './rotationPicture.ts'
import { utc } from './utc.ts'

const DAY_MS = 86_400_000
const LEAST_DAYS = 30
/** A run looks once an hour: after so many misses the timer does not run. */
const SILENT_MS = 6 * 3_600_000

export interface RotationFault {
  readonly seen: string
  readonly fix: string
}

interface Context {
  readonly client: ExaminedClient
  readonly certificate: ExaminedCertificate
  readonly commands: Commands
}

export function rotationFaults(
  facts: RotationFacts,
  status: RotationStatus,
  context: Context,
): readonly RotationFault[] {
  return [
    ...notRegistered(facts, context),
    ...stuck(facts, status, context),
    ...mayNotCreate(facts, context),
    ...mayNotRegister(facts, context),
    ...nobodyRenews(facts, context),
    ...silent(facts, context),
    ...keysLeft(facts, context),
  ]
}

function notRegistered(facts: RotationFacts, { client, certificate, commands }: Context): RotationFault[] {
  const { versions, signs } = facts
  const own = versions.find(({ version }) => version === signs)
  if (isRegistered(own?.thumbprintSha1, facts) !== false) return []
  const isOther = versions.some(({ thumbprintSha1 }) => isRegistered(thumbprintSha1, facts))
  const { certificate: name } = certificate.vault
  return [
    {
      seen: isOther
        ? `Version ${signs} of certificate ${name} signs and is not registered on application ${client.clientId}.`
        : `No version of certificate ${name} is registered on application ${client.clientId}.`,
      fix: commands.registerCertificate(client.clientId, certificate.named(signs)),
    },
  ]
}

/** What only an operator can make possible. That a version waits to be registered says nothing beside why it is not. */
function stuck(facts: RotationFacts, { hindrances }: RotationStatus, context: Context): RotationFault[] {
  const standing = hindrances.filter(({ code }) => ERRORS[code].kind === 'setup')
  const isCause = (version: string): boolean =>
    standing.some((one) => one.step === 'register' && one.version === version)
  return standing
    .filter(({ code, version }) => code !== 'rotation/not_registered' || !isCause(version))
    .filter((one) => !isDoneByHand(one, facts))
    .map((one) => {
      const { step, version, code, sinceMs, action } = one
      return {
        seen: `The exchange is stuck at the step ${[step, version].filter(Boolean).join(' ')} since ${utc(sinceMs)} (${code}). ${action}`,
        fix: fixFor(one, facts, context),
      }
    })
}

type Hindrance = RotationStatus['hindrances'][number]

/** A key that the app could not take out, and that is seen to be out: somebody did it whom the app could not see. */
function isDoneByHand({ step, version }: Hindrance, facts: RotationFacts): boolean {
  return step === 'remove' && isRegistered(thumbprintOf(version, facts), facts) === false
}

function thumbprintOf(version: string, { state, versions }: RotationFacts): string | undefined {
  const known = [...versions, ...state.former].find((one) => one.version === version)
  return known?.thumbprintSha1
}

/** Steps that take a version away. Whatever is in their way, that version is not to be registered anew: it may have been revoked. */
const LEAVING: readonly string[] = ['rest', 'release', 'remove']

function fixFor(
  { step, version, code }: Hindrance,
  facts: RotationFacts,
  { client, certificate, commands }: Context,
): string {
  const { clientId } = client
  const { mode, entries, signs } = facts
  if (step === 'remove' && code === 'graph/forbidden') {
    const own = thumbprintOf(version, facts)
    const entry = typeof entries === 'string' ? undefined : entries.find((one) => one.thumbprintSha1 === own)
    return entry === undefined
      ? commands.portal(clientId, 'Certificates & secrets')
      : commands.removeKey(clientId, entry.keyId)
  }
  const proving = LEAVING.includes(step) ? signs : version
  switch (code) {
    case 'rotation/no_proof':
    case 'rotation/not_registered':
    case 'graph/forbidden':
    case 'graph/proof_refused':
      return commands.registerCertificate(clientId, certificate.named(proving === '' ? undefined : proving))
    case 'rotation/may_not_create':
      return mode === 'auto'
        ? commands.letAppMakeVersions(certificate.vault.url)
        : commands.createVersion(certificate.named())
    case 'rotation/key_exportable':
      return commands.createVersion(certificate.named())
    case 'graph/policy_refused':
      return commands.showPolicies()
    case 'graph/not_found':
    case 'graph/token_refused':
      return commands.showApplication(clientId)
    default:
      return commands.portal(clientId, 'Certificates & secrets')
  }
}

/** Before a version is due, so that nobody hears of it when the old one has a third of its life left. */
function mayNotCreate(
  { creationRight, state }: RotationFacts,
  { certificate: { vault }, commands }: Context,
): RotationFault[] {
  const isSaid = state.hindrances.some(({ code }) => code === 'rotation/may_not_create')
  if (creationRight !== 'no' || isSaid) return []
  return [
    {
      seen: `ROTATION is auto, and the app may make no version of certificate ${vault.certificate}: no role of its identity on the vault has certificates/create.`,
      fix: commands.letAppMakeVersions(vault.url),
    },
  ]
}

function mayNotRegister(facts: RotationFacts, { client, commands }: Context): RotationFault[] {
  const { isExchanged, isApp, lackingSetting, entries } = facts
  if (!isExchanged || !isApp || lackingSetting === undefined || entries !== 'graph/forbidden') return []
  return [
    {
      seen: `Application ${client.clientId} may not read itself, and no setting tells its object id (${lackingSetting}): it cannot register a new version.`,
      fix: commands.setSettings([lackingSetting]),
    },
  ]
}

function nobodyRenews(facts: RotationFacts, { client, certificate, commands }: Context): RotationFault[] {
  const { expiresAtMs, nowMs, mode, isExchanged, isPinned, isRenewedByVault, signs } = facts
  const days = Math.floor((expiresAtMs - nowMs) / DAY_MS)
  if (!(days < LEAST_DAYS) || newerThanSigning(facts).length > 0) return []
  if (isExchanged && (mode === 'auto' || isRenewedByVault)) return []
  const because = isPinned
    ? 'the settings pin it'
    : isExchanged
      ? `ROTATION is ${mode}, and the vault does not renew by itself`
      : `ROTATION is ${mode}`
  return [
    {
      seen: `Version ${signs} ends in ${days} days, and nobody makes another: ${because}.`,
      fix: isExchanged
        ? commands.createVersion(certificate.named())
        : commands.renewCertificate(client.clientId, certificate.named()),
    },
  ]
}

function silent({ isExchanged, state, nowMs }: RotationFacts, { commands }: Context): RotationFault[] {
  const { lookedAtMs } = state
  if (!isExchanged || lookedAtMs === undefined || nowMs - lookedAtMs < SILENT_MS) return []
  return [
    {
      seen: `No run has looked since ${utc(lookedAtMs)}, though the timer makes one every five minutes.`,
      fix: commands.showApp(),
    },
  ]
}

/** Keys of older versions that nobody takes away. Where the app exchanges the certificate, its next look does. */
function keysLeft(facts: RotationFacts, { client, commands }: Context): RotationFault[] {
  const { isExchanged, entries, versions, signs, expiresAtMs, state, nowMs } = facts
  const own = versions.find(({ version }) => version === signs)
  // For a day after it takes over, the way back may still be wanted.
  const isYoung = nowMs - createdAtMs(own) < ACTIVATION_DELAY_MS + DAY_MS
  if (isExchanged || typeof entries === 'string' || isYoung) return []
  const active = { version: signs, thumbprintS256: '', thumbprintSha1: '', expiresAtMs, sinceMs: nowMs }
  return leftBehind({ ...state, active }, versions, entries).map(({ version, entryId = '' }) => ({
    seen: `The key of version ${version}, which signs no more, is still registered: whoever may have it sign is the application.`,
    fix: commands.removeKey(client.clientId, entryId),
  }))
}
