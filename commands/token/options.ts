/** The command line of `npm run token`. */
import { parseArgs } from 'node:util'

export interface TokenOptions {
  /** Given name of the person whose token it is; undefined for the app itself. */
  readonly as: string | undefined
  /** Had by the client that proves itself with a secret, in place of a certificate. */
  readonly bySecret: boolean
  /** What the token is for. Default: the app's own API. */
  readonly scope: string | undefined
}

export const USAGE = `npm run --silent token -- --desk [options]

  --desk           on the desk that npm start keeps: real people and apps get theirs by signing in
  --as <name>      whose: the given name of a person of the desk (Ada, Bo, ...; default Ada)
  --app            that of the app itself, by the desk's second client, instead of a person's
  --secret         had by a client that proves itself with a secret: what the guard is there to refuse
  --scope <scope>  what for: api://{client id}/access_as_user, or with --app /.default (the default)
  --help

Prints the token and nothing else; what is in it goes to standard error.`

/** The options, or a sentence on what is wrong with them; `help` where the usage was asked for. */
export function readTokenOptions(argv: readonly string[]): TokenOptions | string {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        desk: { type: 'boolean', default: false },
        as: { type: 'string' },
        app: { type: 'boolean', default: false },
        secret: { type: 'boolean', default: false },
        scope: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return 'help'
    if (!values.desk) return 'Say --desk: tokens of a tenant are had by signing in there.'
    if (values.app && values.as !== undefined) return '--app is for the app itself: leave out --as.'
    const { app, as = 'Ada', secret: bySecret, scope } = values
    return { as: app ? undefined : as, bySecret, scope }
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault)
  }
}
