import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { HostFault } from './hostFault.ts'

/** The settings of host.json that this host honours. */
export type HostJson = {
  /** Put before every route; '' for none. */
  readonly routePrefix: string
  /** Added to every reply that does not have them already. */
  readonly customHeaders: Readonly<Record<string, string>>
}

/** Reads the app's host.json; a missing file means the defaults. Throws HostFault. */
export function readHostJson(appDir: string): HostJson {
  const file = path.join(appDir, 'host.json')
  const json = existsSync(file) ? parse(file) : { version: '2.0' }
  if (json.version !== '2.0') throw new HostFault(`${file} must say "version": "2.0".`)
  const http = json.extensions?.http
  return { routePrefix: trimSlashes(http?.routePrefix ?? 'api'), customHeaders: http?.customHeaders ?? {} }
}

type HostJsonFile = { version?: string; extensions?: { http?: Partial<HostJson> } }

function parse(file: string): HostJsonFile {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new HostFault(`${file} is not valid JSON.`, { cause })
  }
}

const trimSlashes = (text: string): string => text.replace(/^\/+|\/+$/g, '')
