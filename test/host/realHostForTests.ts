import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

const besideTheProject = path.resolve(import.meta.dirname, '../../../shared/functions-host/run-host')

/** The real Functions host to compare with: FUNCTIONS_HOST, else a build of it beside the project. */
export function realHostForTests(): string | undefined {
  if (process.env.FUNCTIONS_HOST) return path.resolve(process.env.FUNCTIONS_HOST)
  const canRun = existsSync(besideTheProject) && spawnSync('dotnet', ['--list-runtimes']).status === 0
  return canRun ? besideTheProject : undefined
}
