/**
 * The library's own package.json. The app's does not travel with it: that one brings a Node of its own, the host's programming model and
 * a program as its main file.
 */
import { LIBRARY_ENTRIES } from './entries.ts'

/** Not `signet`, which on the registry is somebody else's. */
export const LIBRARY_NAME = 'signet-entra'

/** The first Node whose `require` takes ES modules unasked. Every entry for Node says so where it finds an older one. */
export const LEAST_NODE = '22.12'

export interface AppManifest {
  readonly version: string
  readonly license: string
  readonly dependencies: Readonly<Record<string, string>>
}

/** The manifest as JSON. `imported`: packages that the built files import. Throws for one that the app does not depend on. Pure. */
export function libraryManifest(
  { version, license, dependencies }: AppManifest,
  imported: Iterable<string>,
): string {
  const versions = [...new Set(imported)].sort().map((name): [string, string] => {
    const found = dependencies[name]
    if (found === undefined)
      throw new Error(`The library imports ${name}, which is no dependency of the app.`)
    // Within its major version a newer one may be there already, or be needed for a fault that was mended.
    return [name, `^${found}`]
  })
  const entries = [...LIBRARY_ENTRIES.keys()].map((name) => [
    `./${name}`,
    { types: `./${name}.d.ts`, default: `./${name}.js` },
  ])
  const manifest = {
    name: LIBRARY_NAME,
    version,
    description:
      'Microsoft Entra ID without client secrets: client assertions signed inside Azure Key Vault, a guard for APIs, and the front end’s side of a session.',
    keywords: ['entra', 'azure-ad', 'key-vault', 'client-assertion', 'private_key_jwt', 'oidc', 'bff'],
    license,
    type: 'module',
    sideEffects: ['./node-version.js'],
    exports: { ...Object.fromEntries(entries), './package.json': './package.json' },
    engines: { node: `>=${LEAST_NODE}` },
    dependencies: Object.fromEntries(versions),
  }
  return `${JSON.stringify(manifest, null, 2)}\n`
}
