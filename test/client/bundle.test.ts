/** `signet-entra/client` as it is built: what it weighs, what it needs, and what is left of it in a front end that uses a part. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'

const FILE = fileURLToPath(new URL('../../dist/library/client.js', import.meta.url))
const LIMIT_BYTES = 3_072

async function used(code: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    alias: { 'signet-entra/client': FILE },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    // It says that a bare import of a module without side effects is left away, which is what is asked here.
    logLevel: 'error',
  })
  return outputFiles[0]?.text ?? expect.fail('nothing was built')
}

describe('signet-entra/client', () => {
  beforeAll(() => {
    if (!existsSync(FILE)) throw new Error('dist/library is missing: run "npm run build" first.')
  })

  it('is 3 KB at most once it is compressed, and the page says so', () => {
    const code = readFileSync(FILE)

    expect(code.length).toBeGreaterThan(1_000)
    expect(gzipSync(code).length).toBeLessThanOrEqual(LIMIT_BYTES)
    expect(brotliCompressSync(code).length).toBeLessThanOrEqual(LIMIT_BYTES)
    expect(readFileSync('docs/client.md', 'utf8')).toContain(`at most ${LIMIT_BYTES / 1024} KB`)
  })

  it('depends on nothing: it is one file', () => {
    expect(readFileSync(FILE, 'utf8')).not.toMatch(/\bimport\b|\brequire\b|\bfrom["']/)
  })

  it('leaves nothing behind in a front end that only imports it', async () => {
    expect((await used("import 'signet-entra/client'")).trim()).toBe('')
    expect((await used("import { session } from 'signet-entra/client'")).trim()).toBe('')
  })

  it('leaves the rest away where a part is used', async () => {
    const signInOnly = await used("import { signIn } from 'signet-entra/client'; onclick = () => signIn()")
    const fetchOnly = await used("import { fetch } from 'signet-entra/client'; fetch('/api/orders')")

    expect(signInOnly).toContain('/auth/login')
    expect(signInOnly).not.toMatch(/BroadcastChannel|x-csrf|\/auth\/session/)
    expect(fetchOnly).toContain('x-csrf')
    expect(fetchOnly).not.toMatch(/BroadcastChannel|\/auth\/session|\/auth\/logout/)
  })
})
