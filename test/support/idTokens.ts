import { sign as rsaSign } from 'node:crypto'
import { type CryptoKey, exportJWK, exportPKCS8, generateKeyPair, type JWK } from 'jose'
import { expect } from 'vitest'
import { type IdTokenRules, verifyIdToken } from '../../lib/entra/idToken.ts'
import { createProviderKeys } from '../../lib/entra/providerKeys.ts'
import { CLIENT, configOf, TENANT } from './configOf.ts'
import { faultOf } from './faultOf.ts'
import { heldEffects, START_MS } from './heldEffects.ts'
import { heldProvider } from './heldProvider.ts'

const config = configOf()

export const ISSUER = `https://login.microsoftonline.com/${TENANT}/v2.0`
export const OID = '0b1ec700-0000-4000-8000-00000000000a'
export const NOW_SEC = START_MS / 1_000

/** What a valid ID token claims. */
export const CLAIMS = {
  iss: ISSUER,
  aud: CLIENT,
  sub: 'pairwise-subject',
  oid: OID,
  tid: TENANT,
  ver: '2.0',
  nonce: 'nonce-of-this-transaction',
  iat: NOW_SEC,
  nbf: NOW_SEC,
  exp: NOW_SEC + 3_600,
}

/** The rules that `CLAIMS` fulfil. */
export const RULES: IdTokenRules = {
  clientId: CLIENT,
  issuerTemplate: config.entra.issuerTemplate,
  allowedTenants: config.allowedTenants,
  nonce: CLAIMS.nonce,
  accessToken: 'an access token',
  nowMs: START_MS,
}

export interface Signer {
  readonly publicJwk: JWK
  /** A compact JWS with an RS256 signature, whatever the header says; with the payload as it is where that says so by RFC 7797. */
  sign(payload: Buffer, header?: object): string
  /** The same of `CLAIMS` with changes. */
  idToken(members?: object, header?: object): string
}

/** A new RSA key that signs. */
export async function newSigner(): Promise<Signer> {
  const pair: { publicKey: CryptoKey; privateKey: CryptoKey } = await generateKeyPair('RS256', {
    extractable: true,
  })
  const privatePem = await exportPKCS8(pair.privateKey)
  const sign = (payload: Buffer, header: object = {}): string => {
    const fullHeader = { alg: 'RS256', typ: 'JWT', kid: 'k1', ...header }
    const isAsItIs = 'crit' in header && 'b64' in header && header.b64 === false
    const input = `${segment(fullHeader)}.${payload.toString(isAsItIs ? 'utf8' : 'base64url')}`
    return `${input}.${rsaSign('sha256', Buffer.from(input), privatePem).toString('base64url')}`
  }
  return {
    publicJwk: await exportJWK(pair.publicKey),
    sign,
    idToken: (members = {}, header) => sign(Buffer.from(JSON.stringify({ ...CLAIMS, ...members })), header),
  }
}

/** A JWS segment of a value. */
export function segment(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** A verifier whose provider publishes these keys. */
export function verifierOf(...published: readonly object[]) {
  const provider = heldProvider(config.entra)
  provider.keys = published
  const keys = createProviderKeys(config.entra, { ...heldEffects(), fetch: provider.fetch })
  return { provider, verify: (token: string) => verifyIdToken(token, keys, RULES) }
}

/** The rule for which an ID token was refused. */
export async function brokenRule(act: () => unknown): Promise<string | undefined> {
  const fault = await faultOf(act)
  expect(fault.code).toBe('entra/id_token_rejected')
  return fault.context.detail
}
