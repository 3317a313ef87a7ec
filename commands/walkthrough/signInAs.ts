/** A sign-in at the Entra look-alike without a browser: opens the authorize URL, chooses a person, and follows no redirect. */
import type { EntraLookAlike } from '../../local/entra/openEntra.ts'
import { UsageFault } from '../usageFault.ts'

/** The authorization response as the redirect that a browser would follow. Throws where the look-alike shows a page instead. */
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
  const page = await (await fetch(authorizationUrl)).text()
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
