/**
 * The address that a 401 offers for sign-in, with the way back to the page. Undefined unless it is that of sign-in on this origin: what
 * an answer holds decides about a navigation, and not every answer is Signet's. Pure.
 */
export function signInAddress(
  loginUrl: unknown,
  {
    origin,
    basePath,
    returnTo,
  }: { readonly origin: string; readonly basePath: string; readonly returnTo: string },
): string | undefined {
  if (typeof loginUrl !== 'string' || !URL.canParse(loginUrl, origin)) return undefined
  const url = new URL(loginUrl, origin)
  if (url.origin !== origin || url.pathname !== `${basePath}/auth/login`) return undefined
  url.searchParams.set('returnTo', returnTo)
  return url.pathname + url.search
}
