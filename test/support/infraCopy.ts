import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const INFRA = new URL('../../infra/', import.meta.url).pathname

export interface InfraCopy {
  /** Path of a file in the copy. */
  readonly path: (file: string) => string
  /** Replaces one place of a file, which must be there exactly once, and returns how to undo it. */
  readonly plant: (file: string, right: string | RegExp, wrong: string) => () => void
  readonly remove: () => void
}

/** A copy of `infra/` to break, whose Graph extension is the archive `GRAPH_EXTENSION`, where that is given. */
export function copyInfra(): InfraCopy {
  const root = mkdtempSync(join(tmpdir(), 'signet-infra-'))
  cpSync(INFRA, root, { recursive: true })
  const path = (file: string): string => join(root, file)
  const archive = process.env.GRAPH_EXTENSION
  if (archive !== undefined && archive !== '') useArchive(path('entra/bicepconfig.json'), resolve(archive))
  return {
    path,
    plant(file, right, wrong) {
      const whole = readFileSync(path(file), 'utf8')
      if (whole.split(right).length !== 2) throw new Error(`${file} does not hold once: ${right}`)
      writeFileSync(
        path(file),
        whole.replace(right, () => wrong),
      )
      return () => writeFileSync(path(file), whole)
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

function useArchive(config: string, archive: string): void {
  const settings = JSON.parse(readFileSync(config, 'utf8')) as Record<string, unknown>
  writeFileSync(config, JSON.stringify({ ...settings, extensions: { microsoftGraphV1: archive } }))
}
