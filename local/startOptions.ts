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

/** Throws an Error that says what to correct. `root`: folder of the project. */
export function readStartOptions(
  args: readonly string[],
  portText: string | undefined,
  root: string,
): StartOptions {
  const [useRealHost, useTls, useVite] = ['--host', '--https', '--vite'].map((name) => args.includes(name))
  if (useTls && useVite) throw new Error('With --vite the desk speaks plain HTTP: leave --https away.')
  const text = portText ?? (useVite ? '5173' : '7071')
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535)
    throw new Error('PORT must be a number from 1 to 65535.')
  const folder = useVite ? args[args.indexOf('--vite') + 1] : undefined
  return {
    port,
    useRealHost: useRealHost === true,
    useTls: useTls === true,
    useVite: useVite === true,
    frontEnd:
      folder === undefined || folder.startsWith('-') ? join(root, 'examples/front-end') : resolve(folder),
  }
}
