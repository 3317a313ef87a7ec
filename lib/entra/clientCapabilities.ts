/**
 * What we tell Entra that we can do: take a claims challenge (`cp1`, continuous access evaluation). It has to be said at every request whose
 * access tokens should be of that kind, and every API may then challenge. Pure.
 */

const CAPABLE = { access_token: { xms_cc: { values: ['cp1'] } } }

/** The claims request (OpenID Connect Core section 5.5) that says no more than that. */
export const CLIENT_CAPABILITIES = JSON.stringify(CAPABLE)
