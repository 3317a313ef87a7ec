import { fetch } from 'signet-entra/client'
import { el } from './element.ts'

export interface AnswerPanel {
  readonly element: HTMLElement
  /** Makes the call and shows what came of it; resolves to whether it went well. */
  call(method: string, address: string, body?: unknown): Promise<boolean>
}

/** The last answer, and the time it took. Only its outcome is read out; the body is there to be read. */
export function answerPanel(greeting: string): AnswerPanel {
  const outcome = el('p', { class: 'outcome', role: 'status' }, greeting)
  const body = el('pre', { tabindex: '0', role: 'region', 'aria-label': 'Body of the answer', hidden: true })
  return {
    element: el('div', { class: 'answer' }, outcome, body),
    async call(method, address, sent) {
      const what = `${method} ${address}`
      outcome.replaceChildren(`${what} …`)
      body.hidden = true
      const startedAt = performance.now()
      try {
        const response = await fetch(address, sent === undefined ? { method } : withJson(method, sent))
        body.textContent = pretty(await response.text())
        body.hidden = body.textContent === ''
        const { status, statusText, ok } = response
        outcome.replaceChildren(
          el('span', { class: `tag ${ok ? 'ready' : 'bad'}` }, `${status} ${statusText}`.trim()),
          ` ${what} `,
          el('span', { class: 'muted' }, `${Math.round(performance.now() - startedAt)} ms`),
        )
        return ok
      } catch {
        outcome.replaceChildren(`${what} did not get through. Is the network there?`)
        return false
      }
    },
  }
}

function withJson(method: string, body: unknown): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2)
  } catch {
    return text.slice(0, 2_000)
  }
}
