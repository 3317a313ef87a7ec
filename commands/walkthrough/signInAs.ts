/** A sign-in at the Entra look-alike without a browser: opens the authorize URL, chooses a person, and follows no redirect to the app. */
import type { EntraLookAlike } from '../../local/entra/openEntra.ts'
import { UsageFault } from '../usageFault.ts'

/**
 * The authorization response as the redirect that a browser would follow: at once where the request itself is refused, as for an API that
 * the directory does not have. Throws where the look-alike shows a page instead.
 */
export async function signInAs(
  entra: Pick<EntraLookAlike, 'people'>,
  givenName: string,
  authorizationUrl: string,
): Promise<string> {
  const person = entra.people.find((candidate) => candidate.givenName === givenName)
  if (person === undefined) {
    const names = entra.people.map((candidate) => candidate.givenName).join(', ')
    throw new UsageFault(`Nobody here is called ${givenName}: choose among ${names}.`)
  }
  const shown = await fetch(authorizationUrl, { redirect: 'manual' })
  const onward = shown.headers.get('location')
  if (onward !== null) {
    const url = new URL(onward, authorizationUrl)
    const isAnswer = url.searchParams.has('error') || url.searchParams.has('code')
    return isAnswer ? url.href : signInAs(entra, givenName, url.href)
  }
  const page = await shown.text()
  const action = /<form method="post" action="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&')
  if (action === undefined) throw new Error('The Entra look-alike showed no sign-in page for this address.')
  const answer = await fetch(new URL(action, authorizationUrl), {
    method: 'POST',
    body: new URLSearchParams({ person: person.oid }),
    redirect: 'manual',
  })
  const location = answer.headers.get('location')
  if (location === null) throw new Error(`The Entra look-alike answered ${answer.status} without a redirect.`)
  return location
}
