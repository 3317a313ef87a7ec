/** Everything that runs is bundled first, in a folder of its own: the app as it is deployed, our host, the floor, and the peers where they are installed. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { build, type Metafile } from 'esbuild'
import { HOST_SETTINGS } from '../../local/hostSettings.ts'
import { stageApp } from '../../local/stageApp.ts'
import { ROOT } from '../../packaging/bundle.ts'
import type { World } from '../stands/world.ts'
import type { Command } from './app.ts'

const PEERS = join(ROOT, 'bench/peers')

const YARP = join(PEERS, 'yarp/dist/yarp.dll')

export interface Workshop {
  readonly folder: string
  /** Whether `npm ci` has been run for the peers. */
  readonly hasPeers: boolean
  /** Whether the .NET proxy has been built. */
  readonly hasYarp: boolean
  /** What is not there and how it is brought, a sentence each. */
  readonly missing: readonly string[]
  /** How Signet is started on a port, with settings over those of the world. */
  signet(world: World, port: number, settings?: Readonly<Record<string, string>>): Command
  /** How a bundle of this name is started. */
  program(name: string, world: World, port: number): Command
  /** Of the bundle. Bytes. */
  size(name: string): Promise<number>
  /** Files that something of is in the bundle. */
  contents(name: string): readonly string[]
  close(): Promise<void>
}

const PEER_NAMES = ['msal', 'openid', 'expressOpenid'] as const

export async function openWorkshop({ withPeers = true } = {}): Promise<Workshop> {
  if (!existsSync(join(ROOT, 'dist/app.cjs')))
    throw new Error('dist/app.cjs is missing: run "npm run build" first.')
  const folder = await mkdtemp(join(tmpdir(), 'signet-bench-'))
  const staged = await stageApp(ROOT)
  const hasPeers = withPeers && existsSync(join(PEERS, 'node_modules'))
  const contents = new Map<string, readonly string[]>()
  const hasYarp = withPeers && existsSync(YARP)
  const missing = [
    ...(hasPeers ? [] : ['Without the peers: "npm ci --ignore-scripts --prefix bench/peers" brings them.']),
    ...(hasYarp
      ? []
      : [
          'Without YARP: "dotnet publish bench/peers/yarp -c Release -o bench/peers/yarp/dist" builds it, where .NET is there.',
        ]),
  ]
  await bundle(folder, 'esm', {
    inside: join(ROOT, 'bench/apps/inside.ts'),
    host: join(ROOT, 'local/host/main.ts'),
  })
  const peers = hasPeers ? PEER_NAMES : []
  const outputs = await bundle(folder, 'cjs', {
    floor: join(ROOT, 'bench/apps/floor.ts'),
    ...Object.fromEntries(peers.map((name) => [name, join(PEERS, `${name}.mjs`)])),
  })
  for (const [path, { inputs }] of Object.entries(outputs)) {
    const kept = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    contents.set(
      basename(path, '.cjs'),
      kept.map(([input]) => input),
    )
  }
  const authorityFile = join(folder, 'authority.pem')
  const file = (name: string): string =>
    join(folder, name === 'host' || name === 'inside' ? `${name}.mjs` : `${name}.cjs`)

  function environment(world: World): Record<string, string> {
    const { PATH = '', HOME = '', LANG = 'C.UTF-8' } = process.env
    return {
      ...{ PATH, HOME, LANG, NODE_ENV: 'production' },
      ...world.identityEnv,
      AZURE_CLIENT_ID: world.identityClientId,
      NODE_EXTRA_CA_CERTS: authorityFile,
      NODE_OPTIONS: `--import ${new URL(`file://${file('inside')}`)}`,
      // A new instance in Azure finds no cache on its disk.
      NODE_DISABLE_COMPILE_CACHE: '1',
      SIGNET_DESK_VAULT_PORT: String(world.vaultPort),
    }
  }

  return {
    folder,
    hasPeers,
    hasYarp,
    missing,
    signet: (world, port, settings = {}) => ({
      args: [file('host'), staged.folder, String(port)],
      cwd: staged.folder,
      env: { ...environment(world), ...HOST_SETTINGS, ...signetSettings(world, port), ...settings },
    }),
    program: (name, world, port) => ({
      ...(name === 'yarp' ? { program: 'dotnet', args: [YARP] } : { args: [file(name)] }),
      cwd: folder,
      env: {
        ...environment(world),
        PORT: String(port),
        PUBLIC_URL: `http://localhost:${port}`,
        BENCH_WORLD: JSON.stringify(world),
      },
    }),
    async size(name) {
      return (await stat(name === 'signet' ? join(staged.folder, 'dist/app.cjs') : file(name))).size
    },
    contents: (name) => contents.get(name) ?? [],
    async close() {
      await Promise.all([staged.remove(), rm(folder, { recursive: true, force: true })])
    },
  }
}

/** The file that all apps take their trust from. */
export function trust({ folder }: Workshop, { authorityPem }: World): Promise<void> {
  return writeFile(join(folder, 'authority.pem'), authorityPem)
}

/** As the app itself is bundled. */
async function bundle(
  outdir: string,
  format: 'esm' | 'cjs',
  entryPoints: Record<string, string>,
): Promise<Metafile['outputs']> {
  const { metafile } = await build({
    entryPoints,
    outdir,
    outExtension: { '.js': format === 'esm' ? '.mjs' : '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node22',
    format,
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'error',
    metafile: true,
  })
  return metafile.outputs
}

function signetSettings(world: World, port: number): Record<string, string> {
  const scope = `api://${world.clientId}`
  return {
    ENTRA_TENANT_ID: world.tenantId,
    ENTRA_CLIENT_ID: world.clientId,
    ENTRA_AUTHORITY_HOST: world.entraOrigin,
    ENTRA_SCOPES: `openid profile offline_access ${scope}/access_as_user`,
    PUBLIC_URL: `http://localhost:${port}`,
    KEY_VAULT_URL: world.vaultUrl,
    SIGNING_CERTIFICATE: world.certificateName,
    SESSION_TABLES_URL: world.tablesUrl,
    APP_ONLY_CLIENT_ID: world.appOnlyClientId,
    APP_ONLY_CERTIFICATE: world.appOnlyCertificateName,
    DOWNSTREAM_APIS: JSON.stringify({
      orders: { url: world.apiOrigin, as: 'user', scope: `${scope}/access_as_user` },
      reports: { url: world.apiOrigin, as: 'app', scope: `${scope}/.default` },
    }),
    FRONT_END_URL: world.frontEndOrigin,
    // The timer that exchanges certificates asks vault and table every five minutes, in the middle of whatever is counted then.
    ROTATION: 'manual',
    HOST_MASTER_KEY: 'bench',
  }
}
