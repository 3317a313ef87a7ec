/** What is deployed: the bundle, what the host has to know of it, and the licences. Nothing is installed where it runs. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundleApp, ROOT } from './bundle.ts'
import { noticesFor } from './notices.ts'
import { type PackedFile, zip } from './zip.ts'

export interface Deployable {
  readonly files: readonly PackedFile[]
  readonly archive: Uint8Array
}

/** Builds it: the same bytes from the same commit. */
export async function buildDeployable(): Promise<Deployable> {
  const { code, contents } = await bundleApp()
  const read = (path: string) => readFile(join(ROOT, path))
  const { name, version, type, main } = JSON.parse(String(await read('package.json')))
  const files = [
    { path: 'LICENSE', content: await read('LICENSE') },
    { path: 'THIRD-PARTY-NOTICES', content: Buffer.from(noticesFor(contents, ROOT)) },
    { path: main, content: code },
    { path: 'host.json', content: await read('host.json') },
    { path: 'package.json', content: Buffer.from(json({ name, version, private: true, type, main })) },
  ]
  return { files, archive: zip(files) }
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
