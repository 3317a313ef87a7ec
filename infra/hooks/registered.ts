/** The applications as the directory has them, and whether they are what they should be. */
import type { Deployment } from './deployment.ts'
import { readGraph } from './graph.ts'
import type { RegisteredCredential } from './keyCredential.ts'

export interface RegisteredApplication {
  readonly appId: string
  readonly keyCredentials: readonly RegisteredCredential[]
  readonly [property: string]: unknown
}

/** An application by its unique name; `undefined` where there is none. Throws NoDirectoryRights. */
export function readRegistered(
  deployment: Pick<Deployment, 'run'>,
  uniqueName: string,
  wished: object,
): Promise<RegisteredApplication | undefined> {
  // Graph shows the keys only when the list is selected by name, and only for a single application.
  const selected = ['appId', 'keyCredentials', ...Object.keys(wished)].join(',')
  return readGraph(deployment, `applications(uniqueName='${uniqueName}')?$select=${selected}`)
}

/**
 * True where everything that is wished is there. What Graph shows beyond it, and the order in which it shows it, is its own; it leaves
 * out what is off. Pure.
 */
export function isAsWished(wished: unknown, seen: unknown): boolean {
  if (Array.isArray(wished)) {
    return (
      Array.isArray(seen) &&
      seen.length === wished.length &&
      wished.every((one) => seen.some((other) => isAsWished(one, other)))
    )
  }
  if (typeof wished === 'object' && wished !== null) {
    if (typeof seen !== 'object' || seen === null) return false
    const values = new Map<string, unknown>(Object.entries(seen))
    return Object.entries(wished).every(([name, value]) => isAsWished(value, values.get(name)))
  }
  return wished === false ? !seen : wished === seen
}
