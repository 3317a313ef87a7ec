import { timingSafeEqual } from 'node:crypto'
import { AadstsError } from '../aadsts.ts'
import type { Application } from '../directory/application.ts'
import { noteSignature } from '../signatures.ts'
import { type Exchange, note } from '../wire/exchange.ts'
import type { World } from '../world.ts'
import { type Assertion, readAssertion } from './assertion.ts'
import { verifyCertificateAssertion } from './certificateAssertion.ts'
import { verifyFederatedAssertion } from './federatedAssertion.ts'

/** How a client proved itself. */
export type ClientProof = 'none' | 'secret' | 'certificate' | 'federated'

/** A client that proved itself, or a public one that need not. */
export type AuthenticatedClient = { readonly application: Application; readonly proof: ClientProof }

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/**
 * The value of `azpacr` (v2) and `appidacr` (v1). That a federated token counts as 2 is expected from first-party tokens
 * but documented nowhere.
 */
export function authenticationClassOf(proof: ClientProof): '0' | '1' | '2' {
  if (proof === 'none') return '0'
  return proof === 'secret' ? '1' : '2'
}

/** Authenticates the client of a token request, or throws the AADSTS error that Entra would answer. */
export async function authenticateClient(world: World, exchange: Exchange): Promise<AuthenticatedClient> {
  const basic = readBasic(exchange.headers.authorization)
  const clientId = (basic?.clientId ?? exchange.form.require('client_id')).toLowerCase()
  note(exchange, { clientId })
  const application = world.applications.get(clientId)
  if (!application) throw new AadstsError(700016, `client_id '${clientId}'.`)

  requireInTenant(world, exchange, application)
  if (application.isDeactivated) throw new AadstsError(7000112, `client_id '${clientId}'.`)

  const proof = await prove(world, exchange, application, basic?.secret)
  note(exchange, { clientProof: proof })
  return { application, proof }
}

async function prove(
  world: World,
  exchange: Exchange,
  application: Application,
  basicSecret: string | undefined,
): Promise<ClientProof> {
  const compact = exchange.form.get('client_assertion')
  const secret = exchange.form.get('client_secret') ?? basicSecret
  if (application.isPublic) {
    if (compact !== undefined || secret !== undefined) throw new AadstsError(700025)
    return 'none'
  }
  if (compact !== undefined && exchange.form.get('client_assertion_type') === jwtBearer) {
    const assertion = readAssertion(compact)
    note(exchange, { assertion: { header: assertion.header, claims: assertion.claims } })
    const isFederated = application.federatedCredentials.length > 0 && !assertion.namesCertificate
    if (!isFederated) {
      await verifyAndNote(world, exchange, application, assertion)
      return 'certificate'
    }
    await verifyFederatedAssertion(application, assertion, world.now())
    return 'federated'
  }
  if (secret === undefined) throw new AadstsError(7000218)
  if (!isSame(secret, application.clientSecret)) throw new AadstsError(7000215)
  return 'secret'
}

/** An application of one tenant is in no other: there its name is unknown (AADSTS700016). The paths of no tenant are the grants' to judge. */
function requireInTenant(
  { tenants }: World,
  { tenant: { tenant } }: Exchange,
  application: Application,
): void {
  if (application.isMultiTenant || tenant === undefined || tenant === tenants[0]) return
  throw new AadstsError(700016, `client_id '${application.clientId}', tenant '${tenant.tenantId}'.`)
}

/** Whatever becomes of it, the book tells which key signed. */
async function verifyAndNote(
  world: World,
  exchange: Exchange,
  application: Application,
  assertion: Assertion,
): Promise<void> {
  const { clientId } = application
  const use = { purpose: 'assertion', clientId, thumbprint: thumbprintIn(application, assertion) } as const
  try {
    await verifyCertificateAssertion(world, exchange, application, assertion)
    noteSignature(world, { ...use, refusal: undefined })
  } catch (error) {
    noteSignature(world, { ...use, refusal: error instanceof AadstsError ? error.code : String(error) })
    throw error
  }
}

function thumbprintIn({ certificates }: Application, { header }: Assertion): string | undefined {
  const { 'x5t#S256': sha256, x5t } = header
  if (typeof sha256 === 'string') return sha256
  const bySha1 = [...certificates.values()].find(({ thumbprintSha1 }) => thumbprintSha1 === x5t)
  return bySha1?.thumbprintS256 ?? (typeof x5t === 'string' ? x5t : undefined)
}

function readBasic(authorization: string | undefined): { clientId: string; secret: string } | undefined {
  const encoded = /^basic (.+)$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 0) return undefined
  return { clientId: formDecode(text.slice(0, colon)), secret: formDecode(text.slice(colon + 1)) }
}

/** RFC 6749 section 2.3.1: both halves are form-encoded before they are joined. */
function formDecode(text: string): string {
  return new URLSearchParams(`value=${text.replaceAll('&', '%26')}`).get('value') ?? ''
}

function isSame(presented: string, registered: string | undefined): boolean {
  if (registered === undefined) return false
  const [left, right] = [Buffer.from(presented), Buffer.from(registered)]
  return left.length === right.length && timingSafeEqual(left, right)
}
