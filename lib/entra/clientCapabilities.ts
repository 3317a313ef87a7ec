/**
 * What we tell Entra that we can do: take a claims challenge (`cp1`, continuous access evaluation). It has to be said at every request whose
 * access tokens should be of that kind, at both endpoints, and every API may then challenge. Pure.
 */

/** Member of `access_token` in a claims request (OpenID Connect Core section 5.5). */
export const CAPABILITIES = { xms_cc: { values: ['cp1'] } } as const

/** The claims request that says no more than that. */
export const CLIENT_CAPABILITIES = JSON.stringify({ access_token: CAPABILITIES })
