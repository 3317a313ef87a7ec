/** A front end of one page: it calls an API with its own `fetch`, and offers the way through sign-in where an answer names one. */
import type { Page } from 'playwright-core'
import { type FileAnswer, type FrontEndServer, openFrontEnd } from './openFrontEnd.ts'

const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Orders</title>
<link rel="stylesheet" href="/orders.css"></head>
<body><h1>Orders</h1>
<p><button>Load</button></p>
<p role="status"></p>
<p><a hidden>Continue</a></p>
<script src="/orders.js"></script></body></html>`

const STYLE =
  ':root{color-scheme:light dark}body{max-width:40rem;margin:3rem auto;padding:0 1.25rem;font:1rem/1.6 sans-serif}'

const SCRIPT = `
const [button, said, way] = ['button', '[role=status]', 'a'].map((each) => document.querySelector(each))
button.onclick = async () => {
  said.textContent = 'Loading'
  const answer = await fetch('/api/orders/list', { headers: { 'X-CSRF': '1' } })
  const body = await answer.json()
  said.textContent = answer.status + ' ' + (body.code ?? 'for ' + body.objectId)
  way.hidden = body.loginUrl === undefined
  if (body.loginUrl === undefined) return
  const target = new URL(body.loginUrl, location.origin)
  target.searchParams.set('returnTo', location.pathname + location.search)
  way.href = target.href
}`

const file = (type: string, text: string): FileAnswer => {
  return (response) => response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(text)
}

/** Serves it at `/orders`, and at `/` for whoever has just signed in. */
export function openOrdersPage(): Promise<FrontEndServer> {
  const page = file('text/html', PAGE)
  return openFrontEnd({
    '/': page,
    '/orders': page,
    '/orders.js': file('text/javascript', SCRIPT),
    '/orders.css': file('text/css', STYLE),
  })
}

/** Presses its button, and says what it says then. */
export async function load(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Load' }).click()
  const status = page.getByRole('status').filter({ hasText: /^\d{3} / })
  return status.innerText()
}
