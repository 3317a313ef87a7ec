/** What a call of a sample API meets: by its own path, so that one call can be told what to expect, else by what is set for all. Pure. */

export type SampleApiMood =
  | { readonly kind: 'well' }
  /** 401 with `insufficient_claims`, unless the token holds the authentication context (`acrs`). */
  | { readonly kind: 'challenge'; readonly authenticationContext: string }
  /** Answers after so long. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Takes the call and never answers. */
  | { readonly kind: 'stall' }
  | { readonly kind: 'fail'; readonly status: number }
  /** Announces a whole answer, sends half of it and cuts the connection. */
  | { readonly kind: 'break-off' }
  /** Sends the answer in pieces and never says how long it is. */
  | { readonly kind: 'stream'; readonly pieces: number }
  /** An answer of so many bytes. */
  | { readonly kind: 'large'; readonly bytes: number }

type MoodOf = (argument: string) => SampleApiMood | undefined

/** A whole number of at most so much, as text; undefined for anything else. */
const whole = (text: string, most: number): number | undefined =>
  /^\d{1,9}$/.test(text) && Number(text) <= most ? Number(text) : undefined

const numbered = <Kind extends SampleApiMood>(
  text: string,
  most: number,
  mood: (number: number) => Kind,
): Kind | undefined => {
  const number = whole(text, most)
  return number === undefined ? undefined : mood(number)
}

/** By the first segment of a path; the second is the argument. */
const PATHS: ReadonlyMap<string, MoodOf> = new Map<string, MoodOf>([
  ['well', () => ({ kind: 'well' })],
  [
    'challenge',
    (context) =>
      /^c\d{1,2}$/.test(context) ? { kind: 'challenge', authenticationContext: context } : undefined,
  ],
  ['slow', (ms) => numbered(ms, 600_000, (number) => ({ kind: 'slow', ms: number }))],
  ['stall', () => ({ kind: 'stall' })],
  ['fail', (status) => (/^[45]\d\d$/.test(status) ? { kind: 'fail', status: Number(status) } : undefined)],
  ['break-off', () => ({ kind: 'break-off' })],
  ['stream', (pieces) => numbered(pieces, 1_000, (number) => ({ kind: 'stream', pieces: number }))],
  ['large', (bytes) => numbered(bytes, 100_000_000, (number) => ({ kind: 'large', bytes: number }))],
])

/** The mood that a path names, as `/slow/2000` or `/challenge/c1`; undefined where it names none. */
export function moodOfPath(path: string): SampleApiMood | undefined {
  const [, name = '', argument = ''] = path.split('?')[0]?.split('/') ?? []
  return PATHS.get(name)?.(argument)
}
