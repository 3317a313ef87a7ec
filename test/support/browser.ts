/** Debian's Chromium, driven headless, with nothing of it looking for the outside world. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Path of the browser: `CHROMIUM` if set, else where Debian puts it; undefined where there is none. */
export function findBrowser(): string | undefined {
  return [process.env.CHROMIUM, ...CANDIDATES].find((path) => path !== undefined && existsSync(path))
}

/** `args`: more of the command line. */
export async function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  const executablePath = findBrowser()
  if (executablePath === undefined)
    throw new Error('No Chromium found: install the Debian package "chromium".')
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...args,
    ],
  })
}
