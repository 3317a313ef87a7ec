/** Which part of the look-alike a request reached. `sign-in` is the look-alike's own page posting back. */
export type EndpointKind =
  | 'metadata'
  | 'keys'
  | 'authorize'
  | 'sign-in'
  | 'token'
  | 'logout'
  | 'graph'
  | 'other'

/** A value that survives JSON. */
export type Detail =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Detail[]
  | { readonly [name: string]: Detail }

/** What one endpoint has to say about one request; the members depend on `kind`. */
export type Details = { readonly [name: string]: Detail }

/** One request, in order of arrival. Holds no code, token, assertion, verifier, state or secret. */
export type EntraRequest = {
  readonly at: number
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly kind: EndpointKind
  /** 0 until answered, and for good when the connection was cut on purpose. */
  readonly status: number
  readonly correlationId: string
  /** Shared by all requests of one sign-in: from the authorization request to the last refresh. */
  readonly signIn: string | undefined
  readonly details: Details
}
