/** What a request asks of the outside, as docs/calls.md says it and a test counts it. */

export interface Calls {
  /** Transactions of the table service: a batch is one. */
  readonly tables: number
  /** Requests to the token endpoint. */
  readonly token: number
  /** Signatures of the vault. */
  readonly vault: number
  /** Requests to an API. */
  readonly api: number
}

/** By request, as the page names it. Throws where the page has a call of another kind. */
export function callsOfPage(page: string): ReadonlyMap<string, Calls> {
  const rows = [...page.matchAll(/^\| (`.+?) \| (.+) \|$/gm)]
  return new Map(rows.map(([, request = '', calls = '']) => [request, countsIn(calls)]))
}

function countsIn(text: string): Calls {
  const counts = { tables: 0, token: 0, vault: 0, api: 0 }
  if (text === 'none') return counts
  for (const part of text.split(', ')) {
    const [, count = '', what = ''] = /^(\d+) (.+)$/.exec(part) ?? []
    counts[kindOf(what)] += Number(count)
  }
  return counts
}

function kindOf(what: string): keyof Calls {
  if (what.startsWith('tables: ')) return 'tables'
  if (what.startsWith('POST /{id}/oauth2')) return 'token'
  if (what === 'vault: sign') return 'vault'
  if (what.startsWith('GET /')) return 'api'
  throw new Error(`docs/calls.md has a call that the simulation does not know: ${what}`)
}

/** Throws where the page has no such request: it was renamed, and the account is not of what is there. */
export function callsFor(calls: ReadonlyMap<string, Calls>, request: string): Calls {
  const found = calls.get(request)
  if (found === undefined) throw new Error(`docs/calls.md has no request ${request}.`)
  return found
}
