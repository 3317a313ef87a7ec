/** What other packages import: the entries of the library by their names, with the file that each is made of. */

export interface LibraryEntry {
  /** From the root of the project. */
  readonly source: string
  readonly platform: 'node' | 'browser'
}

export const LIBRARY_ENTRIES: ReadonlyMap<string, LibraryEntry> = new Map([
  ['assertion', { source: 'lib/exports/assertion.ts', platform: 'node' }],
  ['app-only', { source: 'lib/exports/appOnly.ts', platform: 'node' }],
  ['on-behalf-of', { source: 'lib/exports/onBehalfOf.ts', platform: 'node' }],
  ['guard', { source: 'lib/guard/guard.ts', platform: 'node' }],
  ['errors', { source: 'lib/exports/errors.ts', platform: 'node' }],
  ['client', { source: 'client/client.ts', platform: 'browser' }],
])

/** Name and source of the entries for one platform, as esbuild takes them. */
export function entryPoints(platform: LibraryEntry['platform']): Record<string, string> {
  const chosen = [...LIBRARY_ENTRIES].filter(([, entry]) => entry.platform === platform)
  return Object.fromEntries(chosen.map(([name, { source }]) => [name, source]))
}
