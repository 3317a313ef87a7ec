import { existsSync } from 'node:fs'

/** What `trustLines` asks of the machine that this runs on. */
export function thisMachine() {
  const isDebian = existsSync('/etc/debian_version')
  const isFedora = existsSync('/etc/redhat-release') || existsSync('/etc/fedora-release')
  const family = isDebian ? ('Debian, Ubuntu' as const) : isFedora ? ('Fedora' as const) : undefined
  return { platform: process.platform, family }
}
