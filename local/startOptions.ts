/** What `npm start` is told: on its command line, and by PORT. Pure. */
import { join, resolve } from 'node:path'

export interface StartOptions {
  /** Where people go. */
  readonly port: number
  /** The real Functions host in place of ours. */
  readonly useRealHost: boolean
  readonly useTls: boolean
  /** Vite's own server before the host, with hot reload, in place of built files. */
  readonly useVite: boolean
  /** Folder of the front end. */
  readonly frontEnd: string
}

export const USAGE = `npm start -- [options]

  --https          speaks TLS, by a certificate for localhost that is made once
  --vite [folder]  behind Vite's own server, with the front end in that folder (default: the example)
  --host real      under the real Functions host: what npm run func does

PORT says where (default 7071; 5173 with --vite).`

/** Throws an Error that says what to correct. `root`: folder of the project. */
export function readStartOptions(
  args: readonly string[],
  portText: string | undefined,
  root: string,
): StartOptions {
  const { useRealHost, useTls, useVite, folder } = readArguments(args)
  if (useTls && useVite) throw new Error('With --vite the desk speaks plain HTTP: leave --https away.')
  const text = portText ?? (useVite ? '5173' : '7071')
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535)
    throw new Error('PORT must be a number from 1 to 65535.')
  return {
    port,
    useRealHost,
    useTls,
    useVite,
    frontEnd: folder === undefined ? join(root, 'examples/front-end') : resolve(folder),
  }
}

/** One by one: of `--vite` the folder may be left away, which no parser of Node's knows. */
function readArguments(args: readonly string[]) {
  const read = { useRealHost: false, useTls: false, useVite: false, folder: undefined as string | undefined }
  const rest = [...args]
  for (let given = rest.shift(); given !== undefined; given = rest.shift()) {
    if (given === '--https') read.useTls = true
    else if (given === '--host') {
      if (rest.shift() !== 'real') throw new Error(`--host is followed by real.\n\n${USAGE}`)
      read.useRealHost = true
    } else if (given === '--vite') {
      read.useVite = true
      if (rest[0] !== undefined && !rest[0].startsWith('-')) read.folder = rest.shift()
    } else throw new Error(`There is no option ${given}: nothing was started.\n\n${USAGE}`)
  }
  return read
}
