/**
 * The app that the cases call, the same under every host. Its functions do as little as shows how the host
 * behaves; `echo` tells what reached it. STREAMING=1 chooses the HTTP mode.
 */
import { subscribe } from 'node:diagnostics_channel'
import { writeFileSync } from 'node:fs'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { app, type HttpFunctionOptions, type HttpHandler, type HttpResponseInit } from '@azure/functions'

app.setup({ enableHttpStream: process.env.STREAMING === '1' })

/** Registers a function that answers GET and POST at a route, unless told otherwise. */
function serve(
  name: string,
  route: string | undefined,
  handler: HttpHandler,
  more: Partial<HttpFunctionOptions> = {},
) {
  app.http(name, { ...(route !== undefined && { route }), handler, ...more })
}

const echo: HttpHandler = async (request, context) => {
  const hasBody = request.body !== null
  const body = Buffer.from(await request.arrayBuffer())
  return {
    jsonBody: {
      name: context.functionName,
      method: request.method,
      url: request.url,
      params: request.params,
      query: [...request.query],
      headers: Object.fromEntries(request.headers),
      hasBody,
      body: body.toString('utf8'),
    },
  }
}
const reply = (init: HttpResponseInit): HttpHandler => {
  return () => init
}
/** For results that the types forbid. */
const replyOdd = (result: unknown): HttpHandler => {
  return () => result as HttpResponseInit
}

serve('echo', 'echo/{id?}', echo, { methods: ['GET', 'POST', 'PUT', 'DELETE'] })
serve('nameIsRoute', undefined, echo)
serve('emptyRoute', '', echo)
serve('zz_root', '/', echo)

serve('shadow_b', 'shadow/fixed', echo)
serve('shadow_a', 'shadow/{id}', echo)
serve('Zeta', 'case/{zeta}', echo)
serve('alpha', 'case/{alpha}', echo)
serve('mark_x', 'mark/{underscore}', echo)
serve('markx', 'mark/{letter}', echo)
serve('same_get', 'same', echo, { methods: ['GET'] })
serve('same_post', 'same', echo, { methods: ['POST'] })
serve('rest', 'rest/{*path}', echo)
serve('pair', 'pair/{first}/{second}', echo)
serve('mixed', 'mixed/{name}-{size}.json', echo)
serve('fallback', 'fallback/{id=seven}', echo)
serve('int', 'typed/{id:int}', echo)
serve('word', 'typed/{name}', echo)
serve('guid', 'guid/{id:guid}', echo)
serve('bool', 'bool/{value:bool}', echo)
serve('letters', 'letters/{value:alpha:minlength(2)}', echo)
serve('range', 'range/{value:range(1,5)}', echo)
serve('exact', 'exact/{value:length(3)}', echo)
serve('pattern', 'pattern/{value:regex(^a{{2}}$)}', echo)
serve('head', 'head', echo, { methods: ['HEAD'] })
serve('options', 'options', echo, { methods: ['OPTIONS'] })
serve('reserved', 'administrators', echo)
serve('keyed', 'keyed', echo, { authLevel: 'function' })
serve('keyedAdmin', 'keyed-admin', echo, { authLevel: 'admin' })

/** Headers as they came over the connection from the host, by invocation. */
const wires = new Map<unknown, IncomingHttpHeaders>()
subscribe('http.server.request.start', (event) => {
  const { headers } = (event as { request: IncomingMessage }).request
  wires.set(headers['x-ms-invocation-id'], headers)
})
serve('wire', 'wire', (_request, context) => ({
  jsonBody: { headers: wires.get(context.invocationId) ?? {} },
}))

serve('empty', 'empty', reply({}))
serve('text', 'text', reply({ body: 'héllo' }))
serve('json', 'json', reply({ status: 299, jsonBody: { a: 1 }, headers: { 'X-Frame-Options': 'DENY' } }))
serve(
  'twice',
  'twice',
  reply({
    headers: [
      ['X-Two', '1'],
      ['X-Two', '2'],
    ],
  }),
)
serve('big', 'big', reply({ body: Buffer.alloc(1 << 20, 'big') }))
serve('status204', 'status204', reply({ status: 204, body: 'lost' }))
serve('status304', 'status304', reply({ status: 304 }))
serve('status500', 'status500', reply({ status: 500, jsonBody: { error: 'ours' } }))
serve(
  'found',
  'found',
  reply({ status: 302, headers: { location: 'https://login.example/a?b=c%20d&e=%2F' } }),
)
serve('seeOther', 'see-other', reply({ status: 303, headers: { location: '/done?x=1' } }), {
  methods: ['POST'],
})
serve('mirror', 'mirror', async (request) => ({ body: Buffer.from(await request.arrayBuffer()) }))
serve('ignorant', 'ignorant', reply({ body: 'ignored' }))

const jar = { path: '/', secure: true, httpOnly: true } as const
serve(
  'cookies',
  'cookies',
  reply({
    cookies: [
      { name: 'plain', value: 'a b=c' },
      { name: '__Host-s', value: "AZaz09-_.~!'()*", ...jar, sameSite: 'Lax' },
      {
        name: 'cross',
        value: '1',
        ...jar,
        path: '/x',
        domain: 'example.org',
        sameSite: 'None',
        maxAge: 60.9,
      },
      { name: 'dated', value: '1', ...jar, sameSite: 'Strict', expires: new Date('2030-01-02T03:04:05Z') },
    ],
  }),
)
serve('deleteByAge', 'delete-by-age', reply({ cookies: [{ name: 'gone', value: '', ...jar, maxAge: 0 }] }))
serve(
  'deleteByDate',
  'delete-by-date',
  reply({ cookies: [{ name: 'gone', value: '', ...jar, expires: new Date(0) }] }),
)
serve(
  'headerCookies',
  'header-cookies',
  reply({
    headers: [
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
    ],
  }),
)
serve(
  'bothCookies',
  'both-cookies',
  reply({ headers: { 'Set-Cookie': 'a=1' }, cookies: [{ name: 'c', value: '3' }] }),
)

serve('throws', 'throws', () => {
  throw new Error('thrown on purpose')
})
serve('throwsText', 'throws-text', () => {
  throw 'text thrown on purpose'
})
serve('nothing', 'nothing', replyOdd(undefined))
serve('null', 'null', replyOdd(null))
serve('string', 'string', replyOdd('text'))
serve('badStatus', 'bad-status', reply({ status: 99 }))
serve('badCookie', 'bad-cookie', reply({ cookies: [{ name: 'a b', value: '1' }] }))
serve('latinLocation', 'latin-location', reply({ status: 302, headers: { location: '/é' } }))
serve('wideLocation', 'wide-location', reply({ status: 302, headers: { location: '/中' } }))
serve('breaksOff', 'breaks-off', () => ({ body: breakOff() }))
async function* breakOff() {
  yield Buffer.from('begun')
  throw new Error('broken off on purpose')
}

let release = () => {}
serve('slow', 'slow', () => ({ body: takeTime() }))
serve('release', 'release', () => {
  release()
  return { body: 'released' }
})
async function* takeTime() {
  yield Buffer.from('first ')
  await new Promise<void>((resolve) => {
    release = resolve
  })
  yield Buffer.from('last')
}

const runs: { name: string; timer: unknown }[] = []
app.timer('yearly', {
  schedule: '%YEARLY%',
  runOnStartup: true,
  handler: (timer) => void runs.push({ name: 'yearly', timer }),
})
app.timer('everySecond', {
  schedule: '* * * * * *',
  handler: (timer) => void runs.push({ name: 'everySecond', timer }),
})
app.timer('failing', {
  schedule: '%YEARLY%',
  handler: () => {
    throw new Error('timer failed on purpose')
  },
})
serve('runs', 'runs', () => ({ jsonBody: runs }))

const events: string[] = []
app.hook.appStart(() => void events.push('appStart'))
app.hook.appTerminate(() => writeFileSync('terminated', 'appTerminate'))
app.hook.preInvocation((hook) => {
  const { functionName } = hook.invocationContext
  if (functionName === 'hooked') events.push('preInvocation')
  const handler = hook.functionHandler
  if (functionName !== 'hooked') return
  hook.functionHandler = async (...args) => ({
    ...Object(await handler(...args)),
    headers: { 'x-wrapped': 'yes' },
  })
})
app.hook.postInvocation((hook) => {
  if (hook.invocationContext.functionName === 'hooked') events.push('postInvocation')
  if (hook.invocationContext.functionName !== 'rescued') return
  hook.error = undefined
  hook.result = { body: 'rescued' }
})
serve('hooked', 'hooked', echo)
serve('rescued', 'rescued', () => {
  throw new Error('rescued from this')
})
serve('events', 'events', () => ({ jsonBody: events }))
serve('logs', 'logs', (_request, context) => {
  context.log('logged with %s', 'context')
  console.log('logged with console')
  return { body: 'logged' }
})
