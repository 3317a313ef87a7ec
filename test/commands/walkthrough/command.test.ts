import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { catchAnswer } from '../../../commands/walkthrough/catchAnswer.ts'
import { runCommand } from '../../../commands/walkthrough/command.ts'
import { readOptions, USAGE } from '../../../commands/walkthrough/options.ts'
import { signInAs } from '../../../commands/walkthrough/signInAs.ts'
import { cast } from '../../../local/entra/directory/cast.ts'
import { freePort } from '../../../local/freePort.ts'

const MAIN = fileURLToPath(new URL('../../../commands/walkthrough/main.ts', import.meta.url))
const LOADED_MACHINE_MS = 120_000

interface Surroundings {
  readonly lines?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Hears of everything written so far, each time something is. */
  readonly onOutput?: (soFar: string) => void
}

/** Runs the command in this process, with lines to read and without settings unless told. */
async function run(argv: readonly string[], { lines = [], env = {}, onOutput }: Surroundings = {}) {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  let soFar = ''
  stdout.on('data', (chunk) => {
    soFar += chunk
    onOutput?.(soFar)
  })
  const outputs = Promise.all([text(stdout), text(stderr)])
  const stdin = Readable.from(lines.map((line) => `${line}\n`))
  const code = await runCommand({ argv, env, stdin, stdout, stderr })
  stdout.end()
  stderr.end()
  const [out, err] = await outputs
  return { code, out, err }
}

test(
  'the end of the input ends the process politely, on a desk of its own and without colours',
  async () => {
    const { PATH, TMPDIR } = process.env
    const child = spawn(process.execPath, [MAIN, '--desk'], {
      env: { PATH, TMPDIR },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [out, err, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ])

    expect([code, err]).toEqual([1, ''])
    expect(out).toContain('Nothing need answer at http://localhost:8400')
    expect(out).toContain('There was no code, so nothing was redeemed.')
    expect(out).not.toContain('\u001b[')
  },
  LOADED_MACHINE_MS,
)

test('a person of the desk signs in without a browser', async () => {
  const { code, out } = await run(['--desk', '--as', 'Bo'])

  expect(code).toBe(0)
  expect(out).toMatch(/^ {3}name +Bo Adeyemi$/m)
  expect(out).toMatch(/^ {3}azpacr +2$/m)
})

test('somebody who is not of the desk is answered with who is', async () => {
  const { code, out } = await run(['--desk', '--as', 'Zoe'])

  expect(code).toBe(2)
  expect(out).toContain('Nobody here is called Zoe: choose among Ada, Bo, Chen, Dana, Eli.')
})

test('the first line with anything in it is the answer', async () => {
  const { code, out } = await run(['--desk'], { lines: ['', '  ', 'nonsense'] })

  expect(code).toBe(1)
  expect(out).toContain('AADSTS70000')
})

test('without settings every one that is needed is named, and no other', async () => {
  const { code, out } = await run([])

  expect(code).toBe(1)
  for (const name of ['ENTRA_TENANT_ID', 'ENTRA_CLIENT_ID', 'KEY_VAULT_URL']) expect(out).toContain(name)
  for (const name of ['PUBLIC_URL', 'SESSION_TABLES_URL']) expect(out).not.toContain(name)
})

test.each([
  [['--as', 'Ada'], '--as is for a desk'],
  [['--desk', '--as', 'Ada', '--catch'], 'leave out --catch'],
  [['--catch', '--redirect', 'https://app.contoso.com'], '--catch needs a redirect URI like'],
  [['--redirect', 'nowhere'], '--redirect must be a URL'],
  [['--verbose'], "Unknown option '--verbose'"],
])('%j is answered with what is wrong', (args, sentence) => {
  expect(readOptions(args)).toContain(sentence)
})

test('wrong usage and a call for help both end with the usage', async () => {
  expect(await run(['--verbose'])).toMatchObject({ code: 2, out: '', err: expect.stringContaining(USAGE) })
  expect(await run(['--help'])).toEqual({ code: 0, out: `${USAGE}\n`, err: '' })
})

test('a managed identity in place of a certificate is nothing to walk through', async () => {
  const { code, out } = await run([], {
    env: {
      ENTRA_TENANT_ID: randomUUID(),
      ENTRA_CLIENT_ID: randomUUID(),
      AZURE_CLIENT_ID: randomUUID(),
      CREDENTIAL: 'managed-identity',
    },
  })

  expect(code).toBe(1)
  expect(out).toContain('CREDENTIAL must list vault')
})

test('without settings the walk names what is missing, and the one that needs none', async () => {
  const { code, out } = await run([])

  expect(code).toBe(1)
  expect(out).toContain('ENTRA_TENANT_ID')
  expect(out).toMatch(/^ {3}npm run walkthrough -- --desk --as Ada$/m)
  expect(out).not.toContain('does not start')
})

test('with --catch the walk goes on by itself once the browser has come back', async () => {
  const redirectUri = `http://localhost:${await freePort()}/`
  let browser: Promise<unknown> | undefined
  const onOutput = (soFar: string): void => {
    const url = /^ {3}(http:\S+authorize\S+)$/m.exec(soFar)?.[1]
    if (browser !== undefined || url === undefined || !soFar.includes('The answer is awaited')) return
    browser = signInAs({ people: cast }, 'Ada', url).then((address) =>
      fetch(address.replace('localhost', '127.0.0.1')),
    )
  }
  const { code, out } = await run(['--desk', '--catch', '--redirect', redirectUri], { onOutput })
  await browser

  expect(code).toBe(0)
  expect(out).toMatch(/^ {3}name +Ada Lindqvist$/m)
})

test('--catch takes the answer with our state and no other, whoever sends it', async () => {
  const port = await freePort()
  const catcher = await catchAnswer(`http://localhost:${port}/done`, 'xyz')
  await expect(catchAnswer(`http://localhost:${port}/done`, 'xyz')).rejects.toThrow(`Port ${port} cannot`)
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`)
  const foreign = [
    '/favicon.ico',
    '/done',
    '/done?code=x',
    '/done?code=x&state=abc',
    '/other?code=x&state=xyz',
  ]
  for (const path of foreign) expect((await ask(path)).status, path).toBe(404)
  const page = await (await ask('/done?code=abc&state=xyz')).text()
  catcher.close()

  expect(page).not.toContain('abc')
  expect(await catcher.caught).toBe(`http://localhost:${port}/done?code=abc&state=xyz`)
})
