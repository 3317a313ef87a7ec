import type { HostRequest } from './hostRequest.ts'

/**
 * Reads the body that Content-Length announced; without that header it stays unread and the result is empty,
 * which is how chunked bodies get lost when they are buffered. Undefined when it is over the limit, in octets.
 */
export async function readBody(request: HostRequest, limitBytes: number): Promise<Buffer | undefined> {
  if (request.announcedBytes > limitBytes) return undefined
  if (request.announcedBytes === 0) return Buffer.alloc(0)
  const chunks: Buffer[] = []
  for await (const chunk of request.message) chunks.push(chunk)
  return Buffer.concat(chunks)
}
