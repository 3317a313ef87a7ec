/** Collects what no reply and no log line may ever show: everything secret that passes between the app and the token endpoint. */
import type { Fetch } from '../../lib/base/plainFetch.ts'

export interface SecretWatch {
  /** Codes, verifiers, assertions and tokens so far, and whatever was added. */
  readonly secrets: ReadonlySet<string>
  add(secret: string): void
  /** To be used in place of the real one. */
  readonly fetch: Fetch
}

const SENT = ['code', 'code_verifier', 'client_assertion', 'refresh_token']
const RECEIVED = ['access_token', 'id_token', 'refresh_token']

export function watchSecrets(realFetch: Fetch): SecretWatch {
  const secrets = new Set<string>()

  function add(secret: string): void {
    secrets.add(secret)
    // Whoever holds the signature of a JWS can put the rest together.
    const signature = /^[\w-]+\.[\w-]+\.([\w-]{20,})$/.exec(secret)?.[1]
    if (signature !== undefined) secrets.add(signature)
  }

  function addAll(names: readonly string[], read: (name: string) => unknown): void {
    for (const name of names) {
      const value = read(name)
      // What is shorter was made up by a test, and may well occur by chance.
      if (typeof value === 'string' && value.length >= 16) add(value)
    }
  }

  return {
    secrets,
    add,
    async fetch(input, init) {
      if (!String(input).endsWith('/token')) return realFetch(input, init)
      const body = new URLSearchParams(init?.body === undefined ? '' : String(init.body))
      addAll(SENT, (name) => body.get(name))
      const { status, headers, body: received } = await realFetch(input, init)
      async function* watched(): AsyncIterable<Uint8Array> {
        const chunks: Uint8Array[] = []
        for await (const chunk of received ?? []) {
          chunks.push(chunk)
          yield chunk
        }
        const text = Buffer.concat(chunks).toString()
        addAll(RECEIVED, (name) => memberOf(text, name))
      }
      return { status, headers, body: watched() }
    },
  }
}

function memberOf(json: string, name: string): unknown {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  } catch {
    return undefined
  }
}
