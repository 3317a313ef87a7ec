/** What stands behind the apps: an API that answers whoever brings a token, and a front end of three files. */
import type { LightAnswer, LightRequest } from './lightServer.ts'

type Answer = (request: LightRequest) => LightAnswer

/** About a kilobyte of orders. */
const ORDERS = JSON.stringify(
  Array.from({ length: 12 }, (_, n) => ({
    id: `order-${n}`,
    item: 'A bench, two seats, oak',
    pieces: n,
    state: 'delivered',
  })),
)

export function createLightApi(): Answer {
  return ({ headers, target }) => {
    if (!/^Bearer .{20}/.test(headers.authorization ?? ''))
      return { status: 401, body: '', what: 'API: refused' }
    return {
      status: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: ORDERS,
      what: `API: GET ${target}`,
    }
  }
}

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Orders</title><script src="/app.js" defer></script></head><body>${'<p>An order of a bench, two seats, oak.</p>'.repeat(40)}</body></html>`

export function createLightFrontEnd(): Answer {
  return ({ target }) => {
    const isPage = target === '/' || target === '/index.html'
    if (!isPage)
      return {
        status: 404,
        headers: { 'content-type': 'text/plain' },
        body: 'not here',
        what: 'front end: none',
      }
    return {
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache', etag: '"1"' },
      body: PAGE,
      what: 'front end: GET /',
    }
  }
}
