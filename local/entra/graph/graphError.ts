/*
 * Graph's refusals, in its own shape. Names and statuses are those that its documentation or recorded answers show; where neither
 * does, the row says "assumed".
 */
import type { Trace } from '../aadsts.ts'
import { json, type Reply } from '../wire/reply.ts'

const table = {
  InvalidAuthenticationToken: { status: 401, text: 'Access token is empty, expired, or not for Graph.' },
  // Of every defect of a proof alike.
  Authentication_MissingOrMalformed: { status: 401, text: 'Access Token missing or malformed.' },
  Authorization_RequestDenied: { status: 403, text: 'Insufficient privileges to complete the operation.' },
  Directory_ResourceSizeExceeded: {
    status: 403,
    text: 'The size of the object has exceeded its limit. Reduce the number of values.',
  },
  Request_ResourceNotFound: { status: 404, text: 'The resource does not exist.' },
  Request_BadRequest: { status: 400, text: 'The request is not valid.' },
  CredentialInvalidLifetimeAsPerAppPolicy: {
    status: 400,
    text: 'Credential lifetime exceeds the longest that the assigned policy allows.',
  },
  // Assumed: that the policy exists is documented, how its refusal is called is not.
  CertificateNotIssuedByTrustedAuthorityAsPerAppPolicy: {
    status: 400,
    text: 'No authority that the assigned policy trusts issued the certificate.',
  },
} as const

export type GraphErrorCode = keyof typeof table

/** A refusal on its way to becoming Graph's JSON. */
export class GraphError extends Error {
  readonly code: GraphErrorCode
  /** What Graph says in `details`: a code and the member it is about. */
  readonly inner: { readonly code: string; readonly target: string } | undefined

  constructor(code: GraphErrorCode, reason?: string, inner?: GraphError['inner']) {
    super(reason ?? table[code].text)
    this.name = 'GraphError'
    this.code = code
    this.inner = inner
  }
}

/** The body names no reason beyond the code's own sentence, as Graph's does not: whoever tests reads it in the log. */
export function graphRefusal({ code, inner }: GraphError, trace: Trace, nowMs: number): Reply {
  const { status, text: message } = table[code]
  const ids = {
    date: new Date(nowMs).toISOString().slice(0, 19),
    'request-id': trace.traceId,
    'client-request-id': trace.correlationId,
  }
  return json(status, {
    error: {
      code,
      message,
      ...(inner ? { details: [{ ...inner, message }] } : {}),
      innerError: ids,
    },
  })
}
