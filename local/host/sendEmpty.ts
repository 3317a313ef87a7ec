import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** Sends a reply without a body, as the host does for whatever it decides itself. */
export function sendEmpty(reply: ServerResponse, status: number, headers: OutgoingHttpHeaders = {}): void {
  reply.writeHead(status, { 'content-length': 0, ...headers }).end()
}
