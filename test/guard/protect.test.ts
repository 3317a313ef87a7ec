import { type HttpHandler, HttpRequest, HttpResponse, type InvocationContext } from '@azure/functions'
import { describe, expect, it } from 'vitest'
import { createTokenIssuer, PERSON, userToken } from './tokenIssuer.ts'

const issuer = await createTokenIssuer()
const logged: unknown[] = []
const guard = issuer.guard({ log: (...line) => void logged.push(line) })
const accepted = await issuer.bearer(userToken)
const refused = await issuer.bearer({ ...userToken, azpacr: '1' })
const url = 'https://api.contoso.example/orders'

describe('a handler on the web-standard Request', () => {
  const handler = guard.protect(async (request: Request, caller) =>
    Response.json({ path: new URL(request.url).pathname, objectId: caller.objectId }),
  )

  it('gets the request and the caller', async () => {
    const response = await handler(new Request(url, { headers: { authorization: accepted } }))
    expect(await response.json()).toEqual({ path: '/orders', objectId: PERSON })
  })

  it('is never reached by a refused caller, who gets a Response', async () => {
    let reached = false
    const watched = guard.protect(async (_: Request) => {
      reached = true
      return new Response()
    })
    const response = await watched(new Request(url, { headers: { authorization: refused } }))

    expect(reached).toBe(false)
    expect(response.status).toBe(403)
    expect(response.headers.get('content-type')).toContain('application/json')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('www-authenticate')).toContain('error="certificate_client_required"')
    expect(await response.json()).toMatchObject({ reason: 'secret_client' })
    expect(logged).toContainEqual(['info', 'guard.refused', { reason: 'secret_client', status: 403 }])
  })

  it('a refusal names the type of its JSON, for whoever writes it out by hand', async () => {
    const decision = await guard.judge(refused)

    expect(decision).toMatchObject({ headers: { 'content-type': 'application/json; charset=utf-8' } })
  })

  it('a token in the query is not looked at', async () => {
    const [, token = ''] = accepted.split(' ')
    const response = await handler(new Request(`${url}?access_token=${token}`))
    expect(await response.json()).toMatchObject({ reason: 'no_token' })
  })

  it('a token sent twice is a malformed request', async () => {
    const headers = new Headers({ authorization: accepted })
    headers.append('authorization', accepted)
    expect((await handler(new Request(url, { headers }))).status).toBe(400)
  })
})

describe('a handler of Azure Functions', () => {
  const handler: HttpHandler = guard.protect(async (request, caller, context) => ({
    jsonBody: { method: request.method, kind: caller.kind, invocation: context.invocationId },
  }))
  const context = { invocationId: 'i-1' } as InvocationContext
  const request = (authorization: string) =>
    new HttpRequest({ method: 'GET', url, headers: { authorization } })

  it('gets request, caller and invocation context', async () => {
    expect(await handler(request(accepted), context)).toEqual({
      jsonBody: { method: 'GET', kind: 'user', invocation: 'i-1' },
    })
  })

  it('the platform takes the refusal as it is', async () => {
    const response = new HttpResponse((await handler(request(refused), context)) as object)

    expect(response.status).toBe(403)
    expect(response.headers.get('www-authenticate')).toContain('Bearer realm=')
    expect(await response.json()).toMatchObject({ error: 'certificate_client_required' })
  })

  it('a claims challenge may be returned from a handler', async () => {
    const demanding: HttpHandler = guard.protect(async () => guard.demandClaims({ access_token: {} }))
    const response = new HttpResponse((await demanding(request(accepted), context)) as object)

    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: 'insufficient_claims' })
  })
})
