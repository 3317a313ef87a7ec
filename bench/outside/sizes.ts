/** What there is to load: the bundle, and the packages that it is made of. */

import { bundleApp } from '../../packaging/bundle.ts'
import type { Workshop } from '../apps/workshop.ts'
import type { Subject } from './subjects.ts'

export interface Size {
  readonly subject: string
  readonly bundleKb: number
  /** Packages that something of is in the bundle. */
  readonly packages: number
}

export async function runSizes(subjects: readonly Subject[], workshop: Workshop): Promise<Size[]> {
  const { contents } = await bundleApp()
  const all: Size[] = []
  for (const { name, bundle } of subjects) {
    const inputs = bundle === 'signet' ? contents : workshop.contents(bundle)
    all.push({ subject: name, bundleKb: (await workshop.size(bundle)) / 1_024, packages: packagesIn(inputs) })
  }
  return all
}

/** Packages by name, each once for each place it is installed in. */
function packagesIn(paths: readonly string[]): number {
  const found = paths.flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [])
  return new Set(found).size
}
