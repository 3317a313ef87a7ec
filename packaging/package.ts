/**
 * `npm run package`: the deployable archive, at dist/signet.zip, with its size and digest, and the time to its first answer once it is
 * unpacked into an empty folder and started there. With `--zip-only` nothing is started.
 */
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './bundle.ts'
import { buildDeployable } from './deployable.ts'
import { optionsOf } from './optionsOf.ts'
import { writeWhole } from './writeWhole.ts'

/** Starts the archive among the stand-ins; milliseconds from the start of the host to the first answer. */
async function startUnpacked(archive: Uint8Array): Promise<number> {
  const { openDeskWithApp } = await import('../local/openDeskWithApp.ts')
  const { unpackZip } = await import('../local/unpackZip.ts')
  const folder = await mkdtemp(join(tmpdir(), 'signet-package-'))
  try {
    await unpackZip(archive, folder)
    const app = await openDeskWithApp(folder)
    const startedMs = app.hostStartedMs
    const { status } = await fetch(`${app.origin}/health/live`)
    const tookMs = performance.now() - startedMs
    await app.close()
    if (status !== 200) throw new Error(`The unpacked app answered with status ${status}.`)
    return tookMs
  } finally {
    await rm(folder, { recursive: true })
  }
}

const values = optionsOf({ 'zip-only': { type: 'boolean', default: false } })
const { files, archive } = await buildDeployable()
await writeWhole(join(ROOT, 'dist/signet.zip'), archive)

const kib = (bytes: number): string => `${Math.ceil(bytes / 1024)} KiB`
const unpacked = files.reduce((sum, { content }) => sum + content.length, 0)
console.log(`dist/signet.zip  ${kib(archive.length)}, ${files.length} files, ${kib(unpacked)} unpacked`)
console.log(`SHA-256          ${createHash('sha256').update(archive).digest('hex')}`)
if (!values['zip-only'])
  console.log(`first answer     ${Math.round(await startUnpacked(archive))} ms after the host was started`)
