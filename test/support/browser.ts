/** Debian's Chromium, driven headless, with nothing of it looking for the outside world. */
import { createHash, X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'

/** The whole browser, which binds sessions to a device; its shell, without windows, does all else at half the cost. */
const WHOLE = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const SHELL = ['/usr/bin/chromium-headless-shell', ...WHOLE]

const first = (paths: readonly string[]): string | undefined =>
  [process.env.CHROMIUM, ...paths].find((path) => path !== undefined && existsSync(path))

/** Path of a browser: `CHROMIUM` if set, else where Debian puts it; undefined where there is none. */
export const findBrowser = (): string | undefined => first(SHELL)

/** Path of one that binds sessions. */
export const findBindingBrowser = (): string | undefined => first(WHOLE)

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

function found(executablePath: string | undefined): string {
  if (executablePath === undefined)
    throw new Error('No Chromium found: install the Debian package "chromium".')
  return executablePath
}

/** `args`: more of the command line. */
export async function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: found(findBrowser()), args: [...ARGUMENTS, ...args] })
}

/**
 * A browser with a profile of its own that binds sessions, with a key in software where the machine has no TPM. It wants TLS whose
 * certificate it accepts; to overlook certificates altogether would switch binding off.
 */
export async function launchBindingBrowser(
  folder: string,
  certPem: string,
  baseURL: string,
): Promise<BrowserContext> {
  const key = new X509Certificate(certPem).publicKey.export({ type: 'spki', format: 'der' })
  return chromium.launchPersistentContext(folder, {
    executablePath: found(findBindingBrowser()),
    baseURL,
    // Our own pages let no script ask for anything; the tests' may.
    bypassCSP: true,
    args: [
      ...ARGUMENTS,
      '--enable-features=DeviceBoundSessions,EnableBoundSessionCredentialsSoftwareKeysForManualTesting',
      `--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`,
    ],
  })
}
