/** What Entra sent the browser back with, as a person copies it: the whole address, its query, or the code alone. */

export type AuthorizationAnswer =
  | { readonly kind: 'code'; readonly code: string; readonly isStateShown: boolean }
  | { readonly kind: 'refusal'; readonly error: string; readonly description: string }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'nothing' }

/** Reads it; `foreign` is an answer with another state, which belongs to another request. */
export function readAuthorizationAnswer(text: string, expectedState: string): AuthorizationAnswer {
  const copied = text.trim()
  if (copied === '') return { kind: 'nothing' }
  const parameters = parametersOf(copied)
  if (parameters === undefined) return { kind: 'code', code: copied, isStateShown: false }
  const state = parameters.get('state')
  if (state !== null && state !== expectedState) return { kind: 'foreign' }
  const error = parameters.get('error')
  if (error !== null)
    return { kind: 'refusal', error, description: parameters.get('error_description') ?? '' }
  const code = parameters.get('code') ?? ''
  return code === '' ? { kind: 'nothing' } : { kind: 'code', code, isStateShown: state !== null }
}

function parametersOf(copied: string): URLSearchParams | undefined {
  const url = URL.parse(copied)
  if (url !== null && /^https?:$/.test(url.protocol)) return url.searchParams
  return /(^|[?&])(code|error)=/.test(copied)
    ? new URLSearchParams(copied.replace(/^[^?]*\?/, ''))
    : undefined
}
