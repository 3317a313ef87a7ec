/** Calls of one's own origin, with what Signet asks of them and what it answers. */
import { basePath } from './basePath.ts'
import { emit } from './events.ts'
import { here } from './here.ts'
import { provenFetch } from './provenFetch.ts'
import { signInAddress } from './signInAddress.ts'

/** A window that was told to go and is still here after so long has not gone. */
const GONE_MS = 10_000

let leaving: Promise<void> | undefined
/** How often it was decided whether the window goes: for all calls that were under way then. */
let decisions = 0

/**
 * `fetch`, with the header that another site cannot send. A 401 that offers a way into sign-in is told to the listeners, and then the
 * window goes there, to come back to the address it is at: once, however many calls were refused. Meanwhile the calls wait, so that no
 * page shows an error on its way out; they get the 401 if a listener keeps the window, or when the person comes back to the page.
 * What goes to other origins is left alone.
 */
async function fetchSigned(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init)
  if (new URL(request.url).origin !== location.origin) return fetch(request)
  request.headers.set('x-csrf', '1')
  const before = decisions
  const response = await provenFetch(request)
  if (response.status !== 401) return response
  const { code, loginUrl } = await response
    .clone()
    .json()
    .catch(() => ({}))
  const address = signInAddress(loginUrl, {
    origin: location.origin,
    basePath: basePath(),
    returnTo: here(),
  })
  if (address === undefined || before !== decisions) return response
  const isOver = code === 'session/required' || code === 'session/device_proof_required'
  leaving ??= leave(isOver ? 'signed-out' : 'step-up', address).finally(() => {
    leaving = undefined
    decisions += 1
  })
  await leaving
  return response
}

async function leave(name: 'signed-out' | 'step-up', loginUrl: string): Promise<void> {
  if (!(await emit(name, { loginUrl }))) return
  location.assign(loginUrl)
  await new Promise((resolve) => {
    addEventListener('pageshow', resolve, { once: true })
    setTimeout(resolve, GONE_MS)
  })
}

export { fetchSigned as fetch }
