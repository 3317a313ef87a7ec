/** The app as it is deployed: three files in a folder of their own, where no build, test or editor disturbs a host that watches it. */
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface StagedApp {
  readonly folder: string
  remove(): Promise<void>
}

const FILES = ['host.json', 'package.json', 'dist/app.cjs']

/** Copies the bundle and its two descriptions from the project. Throws when the bundle was not built. */
export async function stageApp(root: string): Promise<StagedApp> {
  const folder = await mkdtemp(join(tmpdir(), 'signet-app-'))
  await mkdir(join(folder, 'dist'))
  for (const file of FILES) await copyFile(join(root, file), join(folder, file))
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}
