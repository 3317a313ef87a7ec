interface Streams {
  readonly stdout: Pick<NodeJS.WritableStream, 'write'>
  readonly stderr: Pick<NodeJS.WritableStream, 'write'>
}

/** What a command says of itself, or of how it was called, and the exit code for that: 0 where its usage was asked for (`help`), else 2. */
export function sayUsage(said: string, usage: string, { stdout, stderr }: Streams = process): number {
  if (said === 'help') {
    stdout.write(`${usage}\n`)
    return 0
  }
  stderr.write(`${said}\n\n${usage}\n`)
  return 2
}
