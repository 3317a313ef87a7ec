import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The Bicep compiler: what `BICEP` names, else `bicep` on PATH, else nothing. */
export function bicepPath(): string | undefined {
  const named = process.env.BICEP
  if (named !== undefined && named !== '') return named
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map((folder) => join(folder, 'bicep')).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
