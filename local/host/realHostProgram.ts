import { accessSync, constants } from 'node:fs'
import path from 'node:path'

/** The real Functions host on this machine: the program FUNCTIONS_HOST names, else Core Tools' `func` on PATH. */
export function realHostProgram(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  if (env.FUNCTIONS_HOST) return path.resolve(env.FUNCTIONS_HOST)
  const names = process.platform === 'win32' ? ['func.exe', 'func.cmd'] : ['func']
  const folders = (env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '')
  return folders.flatMap((folder) => names.map((name) => path.join(folder, name))).find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
