/** The one line by which a person has their machine trust a desk's authority. Pure. */
export const TRUST_COMMANDS: Readonly<Record<string, (file: string) => string>> = {
  Windows: (file) => `certutil -user -addstore Root "${file}"`,
  macOS: (file) => `security add-trusted-cert -p ssl -k ~/Library/Keychains/login.keychain-db "${file}"`,
  'Debian, Ubuntu': (file) =>
    `sudo cp "${file}" /usr/local/share/ca-certificates/signet-desk.crt && sudo update-ca-certificates`,
  Fedora: (file) => `sudo trust anchor "${file}"`,
  'Chromium on Linux': (file) => `certutil -A -d "sql:$HOME/.pki/nssdb" -t C,, -n "Signet desk" -i "${file}"`,
  'Firefox on Linux': (file) =>
    `for profile in ~/.mozilla/firefox/*.default*; do certutil -A -d "sql:$profile" -t C,, -n "Signet desk" -i "${file}"; done`,
}

/** One line for each platform, its command in a column of its own. */
export function trustLines(file: string): string[] {
  const width = Math.max(...Object.keys(TRUST_COMMANDS).map((platform) => platform.length))
  return Object.entries(TRUST_COMMANDS).map(
    ([platform, command]) => `  ${platform.padEnd(width)}  ${command(file)}`,
  )
}
