/**
 * The files of the front end, from a folder to the storage account that main.bicep made for them, as whoever is signed in to `az`:
 * no key of the account takes part, for it takes none. Nothing is deleted there, so that a page which is open goes on finding its parts.
 */
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve, sep } from 'node:path'
import { askAzure, azureFault, requireAzure } from './azureCli.ts'
import { type Deployment, requireValue } from './deployment.ts'
import { HookFault } from './hookFault.ts'

/** The one container that a static website has. */
const CONTAINER = '$web'
const FOR_EVER = 'public, max-age=31536000, immutable'
/** Kept, but asked each time whether it has changed; without it a CDN would choose for itself. */
const ASK = 'no-cache'
/** A role is a few minutes on its way. */
const ATTEMPTS = 10
const PAUSE_MS = 30_000

interface Part {
  /** Paths relative to the folder, with `/`. */
  readonly holds: (path: string) => boolean
  /** `Cache-Control` of its files. */
  readonly cacheControl: string
}

/** Throws HookFault where a folder was chosen that is no front end. */
export function requireFrontEnd({ env }: Pick<Deployment, 'env'>): void {
  const folder = env.SIGNET_FRONT_END_FOLDER
  if (!folder || existsSync(join(folder, 'index.html'))) return
  throw new HookFault(`SIGNET_FRONT_END_FOLDER is ${folder}, where there is no index.html.`, [
    'Build the front end first, then run "azd up" again.',
    'azd env set SIGNET_FRONT_END_FOLDER <folder with index.html>',
  ])
}

/** Switches the website on and puts the files there, the documents after all that they name. Does nothing without a folder. */
export async function fillFrontEnd(deployment: Deployment): Promise<void> {
  const { env, run, say } = deployment
  const folder = env.SIGNET_FRONT_END_FOLDER
  if (!folder) return
  requireFrontEnd(deployment)
  const account = ['--account-name', requireValue(deployment, 'SIGNET_FRONT_END_ACCOUNT')]
  await requireAzure(run, [
    ...['storage', 'blob', 'service-properties', 'update', ...account, '--auth-mode', 'login'],
    ...['--static-website', 'true', '--index-document', 'index.html'],
  ])
  for (const part of partsOf(env.SIGNET_FRONT_END_IMMUTABLE ?? '')) {
    const stage = mkdtempSync(join(tmpdir(), 'signet-front-end-'))
    try {
      const files = copyPart(resolve(folder), stage, part)
      if (files > 0) await upload(deployment, account, stage, part)
    } finally {
      rmSync(stage, { recursive: true, force: true })
    }
  }
  say(`The front end is in ${account[1]}, from ${folder}.`)
}

/** `immutable` is a folder below the front end whose files are named by what is in them. */
function partsOf(immutable: string): readonly Part[] {
  const prefix = immutable.replace(/^[./]+|\/+$/g, '')
  const isImmutable = (path: string): boolean => prefix !== '' && path.startsWith(`${prefix}/`)
  const isDocument = (path: string): boolean => /\.html?$/i.test(path)
  return [
    { holds: isImmutable, cacheControl: FOR_EVER },
    { holds: (path) => !(isImmutable(path) || isDocument(path)), cacheControl: ASK },
    { holds: (path) => !isImmutable(path) && isDocument(path), cacheControl: ASK },
  ]
}

/** Returns how many files there are. What is hidden stays here, `.env` above all; `.well-known` is for everybody. */
function copyPart(folder: string, stage: string, { holds }: Part): number {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll(sep, '/'),
    )
    .filter((path) => path.split('/').every((name) => !name.startsWith('.') || name === '.well-known'))
    .filter(holds)
  for (const path of paths) cpSync(join(folder, path), join(stage, path))
  return paths.length
}

async function upload(
  { run, say, sleep }: Deployment,
  account: readonly string[],
  stage: string,
  { cacheControl }: Part,
): Promise<void> {
  const args = [
    ...['storage', 'blob', 'upload-batch', ...account, '--auth-mode', 'login'],
    ...['--destination', CONTAINER, '--source', stage, '--overwrite', 'true'],
    ...['--content-cache-control', cacheControl],
  ]
  for (let left = ATTEMPTS; ; left -= 1) {
    const answer = await askAzure(run, args)
    if ('value' in answer) return
    if (left === 1 || !isRoleMissing(answer.refusal.stderr)) throw azureFault(args, answer.refusal)
    say(`The right to write into ${account[1]} has not arrived yet; trying again in half a minute.`)
    await sleep(PAUSE_MS)
  }
}

function isRoleMissing(stderr: string): boolean {
  return /AuthorizationPermissionMismatch|required permissions/i.test(stderr)
}
