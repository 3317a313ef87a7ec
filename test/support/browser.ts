/** Debian's Chromium, driven headless, with nothing of it looking for the outside world. */
import { createHash, X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type LaunchOptions,
} from 'playwright-core'

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
 * A browser that binds sessions, those of each context by themselves, with a key in software where the machine has no TPM. It wants TLS
 * whose certificate it accepts; to overlook certificates altogether would switch binding off.
 */
export const launchBindingBrowser = (certPem: string): Promise<Browser> =>
  chromium.launch(bindingOptions(certPem))

/** The same with a profile in a folder, which outlives it. */
export const launchBindingProfile = (
  folder: string,
  certPem: string,
  options: BrowserContextOptions,
): Promise<BrowserContext> =>
  chromium.launchPersistentContext(folder, { ...bindingOptions(certPem), ...options })

function bindingOptions(certPem: string): LaunchOptions {
  const key = new X509Certificate(certPem).publicKey.export({ type: 'spki', format: 'der' })
  return {
    executablePath: found(findBindingBrowser()),
    args: [
      ...ARGUMENTS,
      '--enable-features=DeviceBoundSessions,EnableBoundSessionCredentialsSoftwareKeysForManualTesting',
      `--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`,
    ],
  }
}
