/** An API's answer, judged and read whole. Whatever may go wrong with it has gone wrong here, before anybody is told that it went well. */
import { AppError } from '../../errors/appError.ts'

const REDIRECTS = [301, 302, 303, 307, 308]

/**
 * Throws `api/refused_token` where the API does not take our token, `api/unavailable` for a redirect that leads away from the API
 * (`isOwnRedirect` says whether one stays there) or the word of a proxy; `api/malformed_response` for a status that HTTP does not have.
 */
export function requirePassable(status: number, isOwnRedirect: boolean): void {
  if (!(status >= 200 && status <= 599)) throw new AppError('api/malformed_response', { detail: 'status' })
  const isRedirect = status >= 300 && status < 400 && status !== 304
  const leadsAway = isRedirect && !(REDIRECTS.includes(status) && isOwnRedirect)
  if (status === 401) throw new AppError('api/refused_token')
  if (leadsAway || status === 407) {
    throw new AppError('api/unavailable', { detail: `status ${status}` })
  }
}

/**
 * The whole body, up to `longest` bytes as they are once decoded. Throws `api/response_too_large`, and then the rest need not be received;
 * `api/unavailable` where the API breaks off or `signal` ends the wait.
 */
export async function readAnswer(
  { headers, body }: Response,
  longest: number,
  signal: AbortSignal,
): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    if (body !== null) requireFit(Number(headers.get('content-length')), longest)
    for await (const chunk of body ?? []) {
      length += chunk.length
      requireFit(length, longest)
      chunks.push(chunk)
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('api/unavailable', { cause, detail: signal.aborted ? 'deadline' : 'broken off' })
  }
  return Buffer.concat(chunks, length)
}

function requireFit(length: number, longest: number): void {
  if (length > longest) throw new AppError('api/response_too_large')
}
