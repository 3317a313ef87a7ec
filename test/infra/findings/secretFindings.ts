const FORBIDDEN: Readonly<Record<string, RegExp>> = {
  'a key or another secret is read by a list function': /\blist[A-Z]\w*\s*\(/,
  'a secret is read from a vault': /\bgetSecret\s*\(|Microsoft\.KeyVault\(SecretUri/i,
  'a connection string carries a key': /AccountKey=|SharedAccessKey=|SharedAccessSignature=|[?&]sig=/i,
  'a client has a password': /passwordCredentials|secretText/i,
}

/** Traces of a secret in a snapshot or in a compiled template: nothing that is deployed reads, holds or gives one. */
export function secretFindings(text: string): string[] {
  return Object.entries(FORBIDDEN).flatMap(([finding, trace]) => (trace.test(text) ? [finding] : []))
}
