/** Everything on a desk is on this machine, where no proxy leads: not Node's own requests, and not those of the Azure SDK. */
import http from 'node:http'

const NAMES = ['http_proxy', 'https_proxy', 'all_proxy']
/** Where nothing answers: it is never asked, for no host goes through it. */
const NOWHERE = 'http://127.0.0.1:9'

/** Takes proxy settings out of the environment of this process, and out of what Node made of them when it started. */
export function withoutProxy(): void {
  const isInForce = Boolean(process.env.NODE_USE_ENV_PROXY)
  for (const name of Object.keys(process.env)) {
    if (NAMES.includes(name.toLowerCase())) delete process.env[name]
  }
  if (isInForce) http.setGlobalProxyFromEnv?.({ http_proxy: NOWHERE, https_proxy: NOWHERE, no_proxy: '*' })
  delete process.env.NODE_USE_ENV_PROXY
}
