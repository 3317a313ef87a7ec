/** The command line of the walkthrough. */
import { parseArgs } from 'node:util'

export interface WalkthroughOptions {
  /** The desk that runs, or one of its own, in place of the tenant in the environment. */
  readonly desk: boolean
  /** On a desk: the given name of the person who signs in, so that no browser is needed. */
  readonly as: string | undefined
  /** Listen at the redirect URI instead of asking for the address. */
  readonly catch: boolean
  readonly redirectUri: string
  /** Post the same assertion once more, for access as the app itself. */
  readonly clientCredentials: boolean
  /** Show code, tokens, verifier and assertion in full. */
  readonly reveal: boolean
}

export const USAGE = `npm run walkthrough -- [options]

  --desk                 on the desk that runs, or one of its own; else in the tenant of the settings (ENTRA_TENANT_ID, ...)
  --as <given name>      on the desk: who signs in, without a browser (Ada, Bo, ...)
  --catch                catch the code at the redirect URI instead of asking for it
  --redirect <uri>       redirect URI, registered with the app (default http://localhost:8400)
  --client-credentials   show that the same assertion serves client credentials too
  --reveal               show code, tokens and signature in full
  --help`

/** The options, or a sentence on what is wrong with them; `help` where the usage was asked for. */
export function readOptions(argv: readonly string[]): WalkthroughOptions | string {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        desk: { type: 'boolean', default: false },
        as: { type: 'string' },
        catch: { type: 'boolean', default: false },
        redirect: { type: 'string', default: 'http://localhost:8400' },
        'client-credentials': { type: 'boolean', default: false },
        reveal: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return 'help'
    const redirect = URL.parse(values.redirect)
    if (redirect === null) return '--redirect must be a URL.'
    if (values.as !== undefined && !values.desk)
      return '--as is for a desk: real people sign in by themselves.'
    if (values.as !== undefined && values.catch) return '--as needs nothing caught: leave out --catch.'
    const isLoopback = redirect.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(redirect.hostname)
    if (values.catch && !isLoopback) return '--catch needs a redirect URI like http://localhost:8400.'
    return {
      desk: values.desk,
      as: values.as,
      catch: values.catch,
      redirectUri: values.redirect,
      clientCredentials: values['client-credentials'],
      reveal: values.reveal,
    }
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault)
  }
}
