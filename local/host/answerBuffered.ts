import { randomUUID } from 'node:crypto'
import type { Answering } from './answering.ts'
import { writeBufferedReply } from './bufferedReply.ts'
import { invoke } from './invocation.ts'
import { logFault } from './logFault.ts'
import { toRpcHttpRequest } from './rpcHttpRequest.ts'
import { sendEmpty } from './sendEmpty.ts'

/** Buffered mode: the whole request in, the whole reply out. Any fault becomes an empty 500. */
export async function answerBuffered({ core, match, request, body, reply }: Answering): Promise<void> {
  const { fn, values } = match
  const http = toRpcHttpRequest(request, values, body)
  const call = { invocationId: randomUUID(), inputData: [{ name: fn.triggerName, data: { http } }] }
  try {
    writeBufferedReply(reply, await invoke(core, fn, call))
  } catch (fault) {
    logFault(core, fn.name, fault)
    sendEmpty(reply, 500)
  }
}
