/**
 * A request of a session that may be bound to its device. Where the bound cookie did not come along, because the browser was over its own
 * quota or was renewing it just then, the same request is sent once more: the browser fetches the cookie before it. Refused, it was not carried out.
 */
export async function provenFetch(request: Request): Promise<Response> {
  const again = request.clone()
  const response = await fetch(request)
  return (await isProofRequired(response)) ? fetch(again) : response
}

async function isProofRequired(response: Response): Promise<boolean> {
  if (response.status !== 401) return false
  const { code } = await response
    .clone()
    .json()
    .catch(() => ({}))
  return code === 'session/device_proof_required'
}
