import { existsSync, globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { HostFault } from './hostFault.ts'

/**
 * Loads the app: the file, or every file, that `main` of its package.json names (relative path or glob).
 * `.mjs`, and `.js` in a package of type module, are imported; the rest is required. Throws HostFault.
 */
export async function loadApp(appDir: string): Promise<void> {
  const packageFile = path.join(appDir, 'package.json')
  const { main, type } = readPackage(packageFile)
  if (!main) throw new HostFault(`${packageFile} has no "main": name the file that registers the functions.`)

  const files = findFiles(appDir, main)
  if (files.length === 0) {
    throw new HostFault(`${path.join(appDir, main)} does not exist: run "npm run build" first.`)
  }
  const require = createRequire(packageFile)
  for (const file of files) {
    const fullPath = path.resolve(appDir, file)
    const isModule = file.endsWith('.mjs') || (type === 'module' && !file.endsWith('.cjs'))
    try {
      if (isModule) await import(pathToFileURL(fullPath).href)
      else require(fullPath)
    } catch (cause) {
      throw new HostFault(`The app failed while it was loading "${file}", by its own fault:`, { cause })
    }
  }
}

function readPackage(file: string): { main?: string; type?: string } {
  if (!existsSync(file)) throw new HostFault(`${file} does not exist: name the folder of a Functions app.`)
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new HostFault(`${file} is not valid JSON.`, { cause })
  }
}

function findFiles(appDir: string, main: string): string[] {
  const isGlob = /[*?{[]/.test(main)
  if (isGlob) return globSync(main, { cwd: appDir }).sort()
  return existsSync(path.join(appDir, main)) ? [main] : []
}
