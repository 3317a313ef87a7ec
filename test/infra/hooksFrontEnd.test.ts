/** How the files of the front end come into the storage account. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fillFrontEnd } from '../../infra/hooks/frontEnd.ts'
import { prepare } from '../../infra/hooks/prepare.ts'
import type { CommandResult, Run } from '../../infra/hooks/run.ts'
import { settledEnvironment } from '../../infra/hooks/settled.ts'
import { openAzureCli } from '../support/azure/openAzureCli.ts'
import { commandDeployment, ENVIRONMENT } from '../support/commandDeployment.ts'
import { refusal } from '../support/openHookWorld.ts'

const FILES = [
  'index.html',
  'about/index.html',
  'favicon.svg',
  'assets/app-1a2b3c.js',
  '.env',
  '.git/config',
  '.well-known/security.txt',
]
const LATE: CommandResult = { code: 1, stdout: '', stderr: 'ErrorCode:AuthorizationPermissionMismatch' }
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signet-site-'))
  for (const file of FILES) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), file)
  }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** What `az` was told, each upload with the files that it found. */
function openUploads(env: Readonly<Record<string, string>>, answers: CommandResult[] = []) {
  const cli = openAzureCli({ ...ENVIRONMENT, SIGNET_FRONT_END_ACCOUNT: 'stwebexample', ...env })
  const uploads: { args: readonly string[]; files: string[] }[] = []
  const commands: string[] = []
  const slept: number[] = []
  const run: Run = async (command, args) => {
    commands.push([command, ...args].join(' '))
    if (!args.includes('upload-batch')) return { code: 0, stdout: '', stderr: '' }
    const source = args[args.indexOf('--source') + 1] ?? ''
    const found = readdirSync(source, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
    uploads.push({
      args,
      files: found.map((one) => join(one.parentPath, one.name).slice(source.length + 1)).toSorted(),
    })
    return answers.shift() ?? { code: 0, stdout: '[]', stderr: '' }
  }
  return { uploads, commands, slept, deployment: { ...commandDeployment(cli, slept), run } }
}

test('the website is switched on and filled as whoever deploys, documents last, and what is hidden stays here', async () => {
  const { uploads, commands, deployment } = openUploads({ SIGNET_FRONT_END_FOLDER: folder })
  await fillFrontEnd(deployment)
  expect(commands[0]).toBe(
    'az storage blob service-properties update --account-name stwebexample --auth-mode login --static-website true --index-document index.html --output json --only-show-errors',
  )
  expect(uploads.map(({ files }) => files)).toEqual([
    ['.well-known/security.txt', 'assets/app-1a2b3c.js', 'favicon.svg'],
    ['about/index.html', 'index.html'],
  ])
  expect(commands.every((line) => line.includes('--auth-mode login'))).toBe(true)
  expect(commands.join()).not.toMatch(/account-key|sas-token|connection-string|delete/)
})

test('only what is named by its content may be kept for ever', async () => {
  const { uploads, deployment } = openUploads({
    SIGNET_FRONT_END_FOLDER: folder,
    SIGNET_FRONT_END_IMMUTABLE: './assets/',
  })
  await fillFrontEnd(deployment)
  const kept = uploads.map(({ args, files }) => [args[args.indexOf('--content-cache-control') + 1], files])
  expect(kept).toEqual([
    ['public, max-age=31536000, immutable', ['assets/app-1a2b3c.js']],
    ['no-cache', ['.well-known/security.txt', 'favicon.svg']],
    ['no-cache', ['about/index.html', 'index.html']],
  ])
})

test('a role that has not arrived is waited for, any other refusal stops the hook', async () => {
  const late = openUploads({ SIGNET_FRONT_END_FOLDER: folder }, [LATE, LATE])
  await fillFrontEnd(late.deployment)
  expect(late.slept).toEqual([30_000, 30_000])
  expect(late.uploads).toHaveLength(4)

  const closed = openUploads({ SIGNET_FRONT_END_FOLDER: folder }, [
    { code: 1, stdout: '', stderr: 'AuthorizationFailure' },
  ])
  expect((await refusal(fillFrontEnd(closed.deployment))).message).toContain('AuthorizationFailure')
  expect(closed.slept).toEqual([])

  const never = openUploads({ SIGNET_FRONT_END_FOLDER: folder }, Array(99).fill(LATE))
  await refusal(fillFrontEnd(never.deployment))
  expect(never.slept).toHaveLength(9)
})

test('without a folder nothing is run, and a folder that is no front end is refused before anything is created', async () => {
  const without = openUploads({})
  await fillFrontEnd(without.deployment)
  expect(without.commands).toEqual([])

  const cli = openAzureCli({ ...ENVIRONMENT, SIGNET_FRONT_END_FOLDER: join(folder, 'assets') })
  expect((await refusal(prepare(commandDeployment(cli)))).message).toMatch(/where there is no index\.html/)
  expect(cli.commands).toEqual([])
})

test('pages that need a person may be asked for with a folder alone: its address is not known yet, and is kept by nobody', () => {
  const chosen = { FRONT_END_SIGN_IN: 'required', FRONT_END_URL: '' }
  expect(() => settledEnvironment({ ...ENVIRONMENT, ...chosen })).toThrow(/FRONT_END_SIGN_IN/)
  const env = settledEnvironment({ ...ENVIRONMENT, ...chosen, SIGNET_FRONT_END_FOLDER: folder })
  expect(env.FRONT_END_URL).toBe('')
})
