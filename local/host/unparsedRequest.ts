/**
 * Requests that Node's parser gives up on. Most are malformed to every host; a method that Node does not know is not: the host takes it,
 * finds no function that lists it, and answers what it answers then.
 */
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Homepage } from './homepage.ts'
import { isHostHeader } from './hostHeader.ts'
import { parseRequestTarget } from './requestTarget.ts'

/** The fault of Node's parser, with the bytes it was given. */
export type ParserFault = Error & { readonly code?: string; readonly rawPacket?: Buffer }

/** Answers, and closes the connection. */
export function answerUnparsed(fault: ParserFault, socket: Duplex, homepage: Homepage): void {
  if (!socket.writable || fault.code === 'ECONNRESET') socket.destroy()
  else socket.end(replyTo(fault, homepage))
}

function replyTo({ code, rawPacket }: ParserFault, homepage: Homepage): string {
  if (code === 'HPE_HEADER_OVERFLOW') return reply(431)
  return code === 'HPE_INVALID_METHOD'
    ? replyToHead(rawPacket?.toString('latin1') ?? '', homepage)
    : reply(400)
}

/** `head`: request line and headers, as far as they came in one piece. */
function replyToHead(head: string, homepage: Homepage): string {
  const [line = '', ...fields] = (head.split('\r\n\r\n')[0] ?? '').split('\r\n')
  const [, target = ''] = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+ (\S+) HTTP\/1\.[01]$/.exec(line) ?? []
  const hosts = fields.flatMap((field) => /^host:[ \t]*(.*?)[ \t]*$/i.exec(field)?.[1] ?? [])
  const path = parseRequestTarget(target)?.path
  if (path === undefined || hosts.length !== 1 || !hosts.every(isHostHeader)) return reply(400)
  return path === '/' ? reply(homepage.status, homepage.headers, homepage.body) : reply(404)
}

function reply(status: number, headers: Readonly<Record<string, string>> = {}, body = ''): string {
  const all = {
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
    Date: new Date().toUTCString(),
    Server: 'Kestrel',
    ...headers,
  }
  const fields = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${fields.join('')}\r\n${body}`
}
