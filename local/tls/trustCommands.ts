/** The lines by which a person has their machine trust a desk's authority. Pure. */
export const TRUST_COMMANDS: ReadonlyMap<string, (file: string) => string> = new Map([
  ['Windows', (file) => `certutil -user -addstore Root "${file}"`],
  ['macOS', (file) => `security add-trusted-cert -p ssl -k ~/Library/Keychains/login.keychain-db "${file}"`],
  [
    'Debian, Ubuntu',
    (file) =>
      `sudo cp "${file}" /usr/local/share/ca-certificates/signet-desk.crt && sudo update-ca-certificates`,
  ],
  ['Fedora', (file) => `sudo trust anchor "${file}"`],
  [
    'Chromium on Linux',
    (file) => `certutil -A -d "sql:$HOME/.pki/nssdb" -t C,, -n "Signet desk" -i "${file}"`,
  ],
  [
    'Firefox on Linux',
    (file) =>
      `for profile in ~/.mozilla/firefox/*.default*; do certutil -A -d "sql:$profile" -t C,, -n "Signet desk" -i "${file}"; done`,
  ],
])

interface Machine {
  /** As `process.platform` names it. */
  readonly platform: string
  /** On Linux, where that can be told. */
  readonly family?: 'Debian, Ubuntu' | 'Fedora' | undefined
}

/** Those of one machine, each command in a column of its own: on Linux browsers trust what they hold themselves. All where nobody knows it. */
export function trustLines(file: string, machine: Machine): string[] {
  const names = namesFor(machine)
  const width = Math.max(...names.map((name) => name.length))
  return names.map((name) => `  ${name.padEnd(width)}  ${TRUST_COMMANDS.get(name)?.(file)}`)
}

function namesFor({ platform, family }: Machine): readonly string[] {
  const all = [...TRUST_COMMANDS.keys()]
  if (platform === 'win32') return ['Windows']
  if (platform === 'darwin') return ['macOS']
  if (platform !== 'linux') return all
  const systems = family === undefined ? ['Debian, Ubuntu', 'Fedora'] : [family]
  return [...systems, ...all.filter((name) => name.endsWith(' on Linux'))]
}
