/**
 * The proxy of the environment, for every request of a command or for none. Left alone, the Azure SDK goes through it and Node's own
 * `fetch` does not, and the two read `NO_PROXY` differently. Here one reading is made of the variables, and written back in the only
 * words that both, and the command-line tools that are started, take for the same.
 */
import http from 'node:http'

/** A sentence on why the proxy that is named cannot be used. */
export class ProxyFault extends Error {}

type Variables = Record<string, string | undefined>

/** In the order of the Azure SDK, the first that is set is the proxy for all. */
const NAMES = ['HTTPS_PROXY', 'ALL_PROXY', 'HTTP_PROXY'] as const
/** This machine, and the address at which a platform offers a managed identity. */
const NEVER = ['localhost', '127.0.0.1', '[::1]', '169.254.169.254']

/**
 * Has every request of this process, and of those it starts, go through the proxy that `env` names; returns what there is to say about
 * it, empty without a proxy. To be called with `process.env`, before the first client is made; `fetches` is false where nothing but the
 * Azure SDK and other programs make requests, which an older Node can do too. Throws ProxyFault.
 */
export function honourProxy(env: Variables, { fetches = true } = {}): string {
  const name = NAMES.find((each) => variable(env, each) !== '')
  if (name === undefined) return ''
  const bypassed = bypassedHosts(variable(env, 'NO_PROXY'))
  const proxy = proxyUrl(name, variable(env, name))
  for (const each of [...NAMES, 'NO_PROXY']) {
    delete env[each]
    delete env[each.toLowerCase()]
  }
  if (bypassed.includes('*')) return 'No request goes through a proxy, because NO_PROXY says so.'

  const identityHost = URL.parse(env.IDENTITY_ENDPOINT ?? '')?.hostname
  const never = [...NEVER, ...(identityHost === undefined ? [] : [identityHost])]
  for (const each of ['HTTPS_PROXY', 'HTTP_PROXY']) set(env, each, proxy.href)
  set(env, 'NO_PROXY', [...new Set([...never, ...bypassed])].join(','))
  if (fetches) useForFetch(env)
  const except = bypassed.length > 0 ? ' and for what NO_PROXY names' : ''
  return `Every request goes through the proxy ${proxy.host} (${name}), but for this machine${except}.`
}

/** Under both spellings: some read the one first, some the other. */
function set(env: Variables, name: string, value: string): void {
  env[name] = value
  env[name.toLowerCase()] = value
}

function variable(env: Variables, name: string): string {
  return (env[name] || env[name.toLowerCase()] || '').trim()
}

function proxyUrl(name: string, value: string): URL {
  const parsed = URL.parse(value.includes('://') ? value : `http://${value}`)
  if (parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.hostname !== '') return parsed
  throw new ProxyFault(`${name} must be the http or https address of a proxy.`)
}

/**
 * A name is that host and all below it, with a dot or `*.` before it or without; `*` is everything; ports are not told apart. To the
 * SDK a name alone is one host, and to others a name with a dot only those below: each stands there in both forms.
 */
function bypassedHosts(noProxy: string): readonly string[] {
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .map((entry) => entry.replace(/:\d+$/, '').replace(/^\*?\./, ''))
    .filter(Boolean)
    .flatMap((name) => (name === '*' ? [name] : [name, `.${name}`]))
}

function useForFetch(env: Variables): void {
  if (typeof http.setGlobalProxyFromEnv !== 'function')
    throw new ProxyFault(
      'Requests can go through a proxy with Node 24.14 or later only, and this is an older one.',
    )
  http.setGlobalProxyFromEnv(env)
}
