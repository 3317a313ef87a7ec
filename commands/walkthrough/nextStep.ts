/**
 * What to do about a refusal: the step for a known AADSTS number, else for the OAuth error. For people only; no program should
 * decide by these numbers, which Microsoft may change.
 */

const BY_NUMBER: ReadonlyMap<string, string> = new Map([
  [
    '50011',
    'Register the redirect URI with the app as a Web redirect URI, or name a registered one: --redirect.',
  ],
  [
    '50020',
    'The account is no member and no guest of this tenant: have somebody else sign in, or invite them.',
  ],
  ['50105', 'Assign the person to the app under Enterprise applications, Users and groups.'],
  [
    '50057',
    'The account is disabled: have somebody else sign in (on the desk --as another person), or have it enabled.',
  ],
  [
    '53003',
    'Conditional Access keeps this person out, however often they try: have somebody else sign in (on the desk --as another person), or look at the policy that the sign-in logs name.',
  ],
  ['54005', 'A code is good for one redemption and this one was redeemed. Run the walkthrough again.'],
  [
    '65004',
    'The person declined to consent. Run the walkthrough again and accept, or have an administrator grant it.',
  ],
  ['65001', 'Consent is missing: sign in once with prompt=consent, or have an administrator grant it.'],
  [
    '70000',
    'The code is not one of this client, or was cut in copying. Run the walkthrough again and paste the whole address.',
  ],
  ['70008', 'A code is good for ten minutes and this one is older. Run the walkthrough again.'],
  ['70011', 'Correct ENTRA_SCOPES: the API does not expose that scope.'],
  ['500011', 'Correct ENTRA_SCOPES: no API of that name has a service principal in this tenant.'],
  ['500112', 'The code came to another redirect URI than this run asked for. Run the walkthrough again.'],
  ['501481', 'The code belongs to another run, which had another verifier. Run the walkthrough again.'],
  [
    '700005',
    'The code was issued under another tenant. Check ENTRA_TENANT_ID and run the walkthrough again.',
  ],
  ['700016', 'No app with this client id in this tenant. Check ENTRA_CLIENT_ID and ENTRA_TENANT_ID.'],
  ['700021', 'The assertion names another client. Check ENTRA_CLIENT_ID.'],
  ['700023', 'The assertion is for another address. Check ENTRA_AUTHORITY_HOST and ENTRA_TENANT_ID.'],
  ['700024', 'The assertion was not valid at that moment: set the clock of this machine.'],
  [
    '700027',
    'Entra does not know the certificate. Upload it under Certificates & secrets; its thumbprint is x5t#S256 in step 2.',
  ],
  [
    '7000218',
    'The app is asked for a credential that it did not get: look for a proxy that changes the form.',
  ],
  ['7000274', 'The signature does not hold: certificate and key are of different versions.'],
  [
    '90094',
    'Only an administrator can consent to that: have one do so, or have somebody sign in who needs no more than was granted.',
  ],
  ['1000502', 'The certificate is outside its validity period. Make a new version and register it.'],
  ['9002326', 'The redirect URI is registered for a single-page app. Register it as a Web redirect URI.'],
])

const BY_ERROR: ReadonlyMap<string, string> = new Map([
  [
    'invalid_grant',
    'Run the walkthrough again, for a code is good once, for ten minutes; refused again with the same number, look that up in the sign-in logs.',
  ],
  ['invalid_client', 'Compare the assertion in step 2 with the certificates of the app registration.'],
  ['invalid_scope', 'Correct ENTRA_SCOPES.'],
  ['unauthorized_client', 'Allow this kind of grant to the app in its registration.'],
  [
    'interaction_required',
    'Run the walkthrough again, in a browser, and satisfy what the organisation asks for.',
  ],
  ['consent_required', 'Have the permissions consented to.'],
  [
    'access_denied',
    'The person declined, or the organisation lets nobody in here. If it was not the person, have somebody else sign in, or look at the sign-in logs.',
  ],
  ['login_required', 'Sign in at Entra first.'],
  ['invalid_request', 'Compare redirect URI and scopes with the registration of the app.'],
  ['invalid_resource', 'Correct ENTRA_SCOPES: no API of that name has a service principal in this tenant.'],
  ['server_error', 'Wait a minute and run the walkthrough again.'],
  ['temporarily_unavailable', 'Wait a minute and run the walkthrough again.'],
])

/** Client credentials ask for an API of the app itself, whatever ENTRA_SCOPES says. */
const NO_API_OF_ITS_OWN =
  'This trial asks for the app’s own API: set the Application ID URI api://{client id} under Expose an API. Sign-in does not need it.'
const BY_CLIENT_CREDENTIALS: ReadonlyMap<string, string> = new Map([
  ['70011', NO_API_OF_ITS_OWN],
  ['500011', NO_API_OF_ITS_OWN],
  ['invalid_scope', NO_API_OF_ITS_OWN],
  ['invalid_resource', NO_API_OF_ITS_OWN],
])

/** What was asked when it was refused. */
export type Asked = 'authorization' | 'code' | 'client credentials'

/** The AADSTS number of a description, or undefined. */
export function aadstsNumber(description: string): string | undefined {
  return /AADSTS(\d{4,8})/.exec(description)?.[1]
}

/** One sentence or two on what to do next. */
export function nextStep(error: string, description: string, asked: Asked): string {
  const tables =
    asked === 'client credentials' ? [BY_CLIENT_CREDENTIALS, BY_NUMBER, BY_ERROR] : [BY_NUMBER, BY_ERROR]
  const names = [aadstsNumber(description), error].filter((name) => name !== undefined)
  for (const name of names) for (const table of tables) if (table.has(name)) return table.get(name) ?? ''
  const byWhat = /Trace ID/i.test(description) ? 'trace id' : 'time and the client id'
  return `Look it up in the sign-in logs of the tenant, by the ${byWhat}.`
}
