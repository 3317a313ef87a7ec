/**
 * The certificate guard: an API behind it is reached only with an Entra access token for that API, called for by a client that is on
 * the list and proved itself by an assertion instead of a secret. It fails closed: what cannot be checked is refused.
 *
 * `2` in `azpacr`/`appidacr` means that the client signed an assertion. A certificate does that, and so does a federated credential;
 * the token cannot tell them apart. The list of clients does: put on it only those that hold a certificate.
 */

import { libraryEffects } from '../base/realEffects.ts'
import { createProviderKeys } from '../entra/providerKeys.ts'
import { type JwsFlaw, verifyJws } from '../entra/verifyJws.ts'
import { AppError } from '../errors/appError.ts'
import type { Caller } from './caller.ts'
import { type GuardOptions, type Permission, readGuardOptions } from './guardOptions.ts'
import { judgeAccessToken } from './judgeAccessToken.ts'
import { parseAuthorization } from './presentedToken.ts'
import { type Refusal, type RefusalReason, refuse } from './refusal.ts'
import type { ShownCertificate } from './tokenBinding.ts'

export type { AppCaller, Caller, UserCaller } from './caller.ts'
export type { GuardOptions, Permission } from './guardOptions.ts'
export { REFUSALS, type Refusal, type RefusalReason } from './refusal.ts'
export type { ShownCertificate } from './tokenBinding.ts'

export type Decision = { readonly kind: 'accepted'; readonly caller: Caller } | Refusal

/** What the guard reads of a request: the web's own `Request` has it, and so has that of Azure Functions. */
export interface GuardedRequest {
  readonly headers: { get(name: string): string | null }
}

export interface Guard {
  /**
   * Decides on the value of an Authorization header. Never throws: trouble with keys is a refusal with status 503. `clientCertificate` is
   * what the connection showed, from whoever ended TLS; `null` where it showed none. Handed over, tokens bound to it are taken.
   */
  judge(authorization: string | null | undefined, clientCertificate?: ShownCertificate): Promise<Decision>
  /**
   * A handler that only accepted callers reach; it gets the caller as second argument, before whatever the platform adds. Everybody
   * else gets the refusal as a web `Response`, which Azure Functions takes too.
   */
  protect<Request extends GuardedRequest, Rest extends readonly unknown[], Answer>(
    handler: (request: Request, caller: Caller, ...rest: Rest) => Answer | Promise<Answer>,
  ): (request: Request, ...rest: Rest) => Promise<Answer | Response>
  /**
   * Entra's claims challenge, with which an API asks for a token that holds more (an authentication context) or is newer (Continuous
   * Access Evaluation). `claims` is a claims request (OpenID Connect Core 5.5), as an object or as JSON text received from Entra.
   */
  demandClaims(claims: Readonly<Record<string, unknown>> | string): Refusal
  /** The same API, keys and clients, with another permission in place of this guard's. */
  requiring(permission: Permission): Guard
}

const FLAWS: Readonly<Record<JwsFlaw, RefusalReason>> = {
  size: 'malformed_token',
  form: 'malformed_token',
  algorithm: 'wrong_algorithm',
  key: 'unknown_key',
  signature: 'bad_signature',
  payload: 'malformed_token',
}

/** A guard for one API. No I/O until the first token comes. Throws `config/invalid` naming every faulty option. */
export function createGuard(options: GuardOptions): Guard {
  const { rules, keySource, challenge, certificateHeader } = readGuardOptions(options)
  const { now = libraryEffects.now, fetch = libraryEffects.fetch, log = () => undefined } = options
  const keys = options.keys ?? createProviderKeys(keySource, { now, fetch, log })
  // Scopes that a challenge names are needed all together (RFC 6750 section 3), and here any of several does: it names one, or none.
  const [only, ...others] = new Set(rules.scopes)
  const scope = only === undefined || others.length > 0 ? {} : { scope: only }
  let lastFault: unknown

  const judge: Guard['judge'] = async (authorization, certificate) => {
    const takesBound = certificateHeader !== undefined || certificate !== undefined
    const presented = parseAuthorization(authorization, takesBound ? ['Bearer', 'MTLS_POP'] : ['Bearer'])
    const { scheme } = presented
    if ('refused' in presented) return refuse(presented.refused, challenge, { scheme })
    try {
      // Keys would be fetched for each token by a clock that says nothing.
      if (!Number.isFinite(now())) throw new TypeError('the clock tells no time')
      const verified = await verifyJws(presented.token, keys)
      if ('flaw' in verified) return refuse(FLAWS[verified.flaw], challenge, { scheme })
      const verdict = judgeAccessToken(verified, rules, now(), { scheme, certificate })
      if (verdict.kind === 'accepted') return verdict
      const asksForScope = verdict.reason === 'missing_scope' || verdict.reason === 'user_required'
      return refuse(verdict.reason, challenge, { scheme, ...(asksForScope ? scope : {}) })
    } catch (fault) {
      // One line for each look that failed, not for each token that had to wait for it.
      if (fault !== lastFault) log('error', 'guard.keys_unavailable', { code: codeOf(fault) })
      lastFault = fault
      return refuse('keys_unavailable', challenge)
    }
  }

  return Object.freeze<Guard>({
    judge,
    protect(handler) {
      return async (request, ...rest) => {
        const certificate =
          certificateHeader === undefined ? undefined : request.headers.get(certificateHeader)
        const decision = await judge(request.headers.get('authorization'), certificate)
        if (decision.kind === 'accepted') return handler(request, decision.caller, ...rest)
        log('info', 'guard.refused', { reason: decision.reason, status: decision.status })
        return Response.json(decision.jsonBody, decision)
      }
    },
    demandClaims(claims) {
      const text = typeof claims === 'string' ? claims : JSON.stringify(claims)
      return refuse('insufficient_claims', challenge, { claims: Buffer.from(text).toString('base64') })
    },
    requiring: (permission) => {
      const { scopes, roles, ...shared } = options
      return createGuard({ ...shared, ...permission, keys })
    },
  })
}

function codeOf(fault: unknown): string {
  return fault instanceof AppError ? fault.code : 'bug/unexpected'
}
