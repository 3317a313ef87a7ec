import { randomUUID } from 'node:crypto'
import type { Answering } from './answering.ts'
import { forwardRequest } from './forwardRequest.ts'
import { invoke } from './invocation.ts'
import { logFault } from './logFault.ts'
import { sendEmpty } from './sendEmpty.ts'
import { buildTriggerMetadata } from './triggerMetadata.ts'

export type Streaming = {
  /** Where the library listens. */
  readonly port: number
  readonly bodyLimitBytes: number
  /** How long nothing may move before the host gives up with a 500. */
  readonly activityTimeoutMs: number
}

/**
 * Streaming mode: the request is forwarded while the function runs, and the reply ends when both are done.
 * A function that fails has nobody to answer for it: the client waits until the activity timeout.
 */
export async function answerStreaming(answering: Answering, streaming: Streaming): Promise<void> {
  const { core, match, request, body, reply } = answering
  const { fn, values } = match
  const invocationId = randomUUID()
  const giveUp = new AbortController()
  const timer = setTimeout(() => giveUp.abort(), streaming.activityTimeoutMs)
  const givenUp = new Promise<undefined>((resolve) => {
    giveUp.signal.addEventListener('abort', () => resolve(undefined))
  })
  reply.on('close', () => {
    if (!reply.writableFinished) giveUp.abort()
  })

  const forwarded = forwardRequest(request, reply, {
    invocationId,
    port: streaming.port,
    body,
    limitBytes: streaming.bodyLimitBytes,
    signal: giveUp.signal,
    onActivity: () => timer.refresh(),
  })
  const invoked = invoke(core, fn, {
    invocationId,
    inputData: [{ name: fn.triggerName, data: { http: {} } }],
    triggerMetadata: buildTriggerMetadata(request, values, body),
  }).catch((fault) => {
    logFault(core, fn.name, fault)
    core.log(
      'warning',
      'system',
      `${fn.name} leaves its client waiting: streaming replies must not end in a fault.`,
    )
  })
  const outcome = await Promise.race([Promise.allSettled([forwarded, invoked]), givenUp])
  clearTimeout(timer)
  if (outcome?.[0].status === 'fulfilled') {
    reply.end()
    return
  }
  if (outcome?.[0].status === 'rejected') logFault(core, fn.name, outcome[0].reason)
  if (reply.headersSent) reply.destroy()
  else sendEmpty(reply, 500)
}
