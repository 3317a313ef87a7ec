// Keeps a process on its own machine. Every TCP connection of Node (net, tls, http, https, http2, fetch) passes through
// `Socket.prototype.connect`, before any name is resolved: that is the one place this guards.

import type { NetConnectOpts } from 'node:net'
import { Socket } from 'node:net'
import { withoutProxy } from './withoutProxy.ts'

const VAULT_HOSTS = '.vault.azure.net'

type Connect = (this: Socket, options: NetConnectOpts, onConnect?: () => void) => Socket
type Target = { readonly host: string; readonly port: string | number }

/**
 * From now on this process connects to loopback addresses only; anything else fails with `ERR_LOOPBACK_ONLY`. With a
 * `vaultPort`, hosts under `.vault.azure.net` are reached at 127.0.0.1 on that port: only the address changes, while server
 * name, Host header and certificate check keep the vault's name. Proxy settings in the environment are removed, because a
 * proxy on this machine would lead out of it. Returns an undo.
 */
export function loopbackOnly({ vaultPort }: { readonly vaultPort?: number } = {}): () => void {
  withoutProxy()

  const original = Socket.prototype.connect
  const connect: Connect = original
  function guarded(this: Socket, ...args: unknown[]): Socket {
    const { options, onConnect } = readArguments(args)
    if ('path' in options && options.path) return connect.call(this, options, onConnect)

    const { host = 'localhost', port } = options as Partial<Target> & NetConnectOpts
    const target = { host: host || 'localhost', port: port ?? 0 }
    if (vaultPort !== undefined && target.host.endsWith(VAULT_HOSTS)) {
      return connect.call(this, { ...options, host: '127.0.0.1', port: vaultPort }, onConnect)
    }
    if (isLoopback(target.host)) return connect.call(this, options, onConnect)
    process.nextTick(() => this.destroy(refusal(target)))
    return this
  }

  Socket.prototype.connect = guarded as typeof original
  return () => {
    Socket.prototype.connect = original
  }
}

/** The forms of `connect`: (options), (port, host), (path), each with a listener, or the array that Node makes of them. */
function readArguments(args: readonly unknown[]): {
  options: NetConnectOpts
  onConnect: (() => void) | undefined
} {
  const [first, second] = args
  if (Array.isArray(first)) return readArguments(first)
  const last = args.at(-1)
  const onConnect = typeof last === 'function' ? (last as () => void) : undefined
  if (typeof first === 'object' && first !== null) return { options: first as NetConnectOpts, onConnect }
  if (typeof first === 'string' && Number.isNaN(Number(first))) return { options: { path: first }, onConnect }
  const host = typeof second === 'string' ? { host: second } : {}
  return { options: { port: Number(first), ...host }, onConnect }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(host)
}

function refusal({ host, port }: Target): Error {
  const message = `Refused to connect to ${host}:${port}: this process may reach its own machine only`
  return Object.assign(new Error(message), { code: 'ERR_LOOPBACK_ONLY' })
}
