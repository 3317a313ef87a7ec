import type { Reply } from './reply.ts'

/** A way for an endpoint to fail. */
export type Fault = (
  | {
      readonly kind: 'status'
      readonly status: number
      readonly headers?: Record<string, string>
      readonly body?: string
    }
  /** 200 with an HTML page, as a captive portal or a proxy sends. */
  | { readonly kind: 'html' }
  /** 200 that claims JSON and is not. */
  | { readonly kind: 'not-json' }
  /** 200 JSON that is syntactically fine and says nothing of use: an array. */
  | { readonly kind: 'wrong-shape' }
  | { readonly kind: 'redirect'; readonly location: string }
  /** The reply, padded with that many bytes of white space. */
  | { readonly kind: 'oversized'; readonly bytes: number }
  | { readonly kind: 'truncate' }
  | { readonly kind: 'stall' }
  | { readonly kind: 'drop' }
  /** An honest answer, but not before `until` settles: a barrier for whoever must act while the client waits. */
  | { readonly kind: 'hold'; readonly until: Promise<void> }
) & {
  /** How often, counting down; without it until the switches are reset. */
  times?: number
  /** Do the work first (a code is spent, a session ended), then fail. Kinds that alter the reply always do. */
  readonly afterProcessing?: boolean
}

/** Answers in place of, or on top of, the endpoint. `process` is the endpoint's own doing. */
export async function answerWithFault(fault: Fault, process: () => Promise<Reply>): Promise<Reply> {
  switch (fault.kind) {
    case 'hold':
      await fault.until
      return process()
    case 'oversized': {
      const reply = await process()
      return { ...reply, body: reply.body + ' '.repeat(fault.bytes) }
    }
    case 'truncate':
      return { ...(await process()), transport: 'truncate' }
    default: {
      if (fault.afterProcessing) await process()
      return instead(fault)
    }
  }
}

type InsteadKind = 'status' | 'html' | 'not-json' | 'wrong-shape' | 'redirect' | 'stall' | 'drop'

function instead(fault: Extract<Fault, { kind: InsteadKind }>): Reply {
  const json = { 'content-type': 'application/json; charset=utf-8' }
  switch (fault.kind) {
    case 'status':
      return { status: fault.status, headers: { ...fault.headers }, body: fault.body ?? '' }
    case 'html':
      return {
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<!doctype html><title>Welcome</title><p>Please accept our terms.',
      }
    case 'not-json':
      return { status: 200, headers: json, body: '{"access_token": ' }
    case 'wrong-shape':
      return { status: 200, headers: json, body: '[]' }
    case 'redirect':
      return { status: 302, headers: { location: fault.location }, body: '' }
    case 'stall':
    case 'drop':
      return { status: 0, headers: {}, body: '', transport: fault.kind }
  }
}
