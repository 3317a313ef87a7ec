/** The same text in every run: each value that chance decides gets the name of its kind and a number by first appearance. */
export function withoutChance(transcript: string): string {
  const seen = new Map<string, string>()
  const named = (kind: string) => (value: string) => {
    const count = [...seen.values()].filter((name) => name.startsWith(`{${kind}`)).length
    const name = seen.get(value) ?? `{${kind}-${count + 1}}`
    seen.set(value, name)
    return name
  }
  return transcript
    .replace(/\d{10} {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/g, '{moment}')
    .replace(/\S{6}\.\.\. \(\d+ characters\)/g, '{secret}')
    .replace(/(?<=127\.0\.0\.1:)\d+/g, '{port}')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, named('guid'))
    .replace(/(?<![\w-])(?=[\w-]*[A-Z\d])[\w-]{22,}(?![\w-])/g, named('random'))
}
