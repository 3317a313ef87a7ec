/** Whether the tenant lets a certificate be as it is, and as the next one will be. */
import type { X509Certificate } from 'node:crypto'
import type { Graph } from '../../../lib/entra/graph.ts'
import { asAppError } from '../../../lib/errors/appError.ts'
import { judgeCertificate, POLICY_DOUBTS, type PoliciesSeen } from '../../../lib/rotation/policy.ts'
import { type Finding, fail, pass } from '../check.ts'
import type { Examination, ExaminedCertificate, ExaminedClient } from '../examination.ts'

const DAY_MS = 86_400_000
/** A vault makes certificates for a year where its policy says nothing. */
const USUAL_MONTHS = 12

export async function examinePolicy(
  certificate: ExaminedCertificate,
  examination: Examination,
  client: ExaminedClient,
): Promise<Finding> {
  const { graphOf, commands } = examination
  const { x509, validityInMonths = USUAL_MONTHS } = await certificate.gather()
  const { seen: policies, unread } = await policiesOf(graphOf(client))
  const { months, longestMs, needsAuthority, doubts } = judgeCertificate(policies, validityInMonths)
  const isRead = policies.tenant !== undefined || typeof policies.own === 'object'
  const reader = isRead ? [readBy(examination, client)] : []
  const note = [...unread, ...doubts.map((doubt) => POLICY_DOUBTS[doubt]), ...reader].join(' ').trim()
  const name = `certificate ${certificate.vault.certificate}`
  if (needsAuthority && isSelfIssued(x509))
    return fail(
      `The tenant takes only certificates of authorities that its policy names, and ${name} issued itself: Entra refuses the next version of it.`,
      `${commands.showIssuers(certificate.vault.url)}: have one of those authorities issue it (docs/operate.md, "Rotate").`,
      note,
    )
  const lifeMs = x509.validToDate.getTime() - x509.validFromDate.getTime()
  if (longestMs !== undefined && (lifeMs > longestMs || months !== validityInMonths)) {
    const own = `${name} lives ${days(lifeMs)} days`
    const next =
      months === validityInMonths ? '' : `, and the vault makes the next for ${monthsText(validityInMonths)}`
    const then =
      months === undefined
        ? 'No certificate that a vault makes is short enough'
        : `${monthsText(months)} ${months === 1 ? 'is' : 'are'} allowed`
    return fail(
      `The tenant’s policy lets a certificate live ${days(longestMs)} days; ${own}${next}: Entra refuses one that lives longer when it is added. ${then}.`,
      months === undefined ? commands.showPolicies() : commands.shortenLife(certificate.named(), months),
      note,
    )
  }
  if (!isRead)
    return pass('No policy could be read, so none is known to stand against the certificate.', note)
  const limit =
    longestMs === undefined
      ? 'No policy limits the life of a certificate'
      : `A certificate may live ${days(longestMs)} days, and ${name} lives ${days(lifeMs)}`
  return pass(
    `${limit}; ${needsAuthority ? 'only certificates of the authorities that it names are taken, and this one is of an authority' : 'no authority is demanded'}.`,
    note,
  )
}

/** In an exchange each application reads for itself, and may see less than whoever looks here. Empty where it is the same one. */
function readBy({ identity, appOnly }: Examination, { clientId }: ExaminedClient): string {
  const reader = identity.isApp ? (appOnly?.clientId ?? clientId) : 'you'
  return reader === clientId
    ? ''
    : `Read as ${reader}. When a version is made, ${clientId} reads for itself: what it may not see, npm run rotate calls left open.`
}

/** As far as it may be read; each fault that is no refusal is said. */
async function policiesOf(graph: Graph): Promise<{ seen: PoliciesSeen; unread: readonly string[] }> {
  const unread: string[] = []
  async function read<T>(what: string, ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask()
    } catch (thrown) {
      const { code } = asAppError(thrown)
      if (code !== 'graph/forbidden') unread.push(`${what} could not be read (${code}).`)
      return undefined
    }
  }
  const tenant = await read('The tenant’s policy', () => graph.tenantPolicy())
  const own = await read('The application’s own policy', async () => (await graph.ownPolicy()) ?? 'none')
  const created = await read(
    'When the application was created',
    async () => (await graph.application()).createdAtMs,
  )
  return { seen: { tenant, own: own ?? 'not-permitted', createdAtMs: created }, unread }
}

function isSelfIssued({ subject, issuer }: X509Certificate): boolean {
  return subject === issuer
}

function days(ms: number): number {
  return Math.round(ms / DAY_MS)
}

function monthsText(months: number): string {
  return months === 1 ? '1 month' : `${months} months`
}
