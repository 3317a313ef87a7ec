/** What `npm run rotate` was asked for. */
import { parseArgs } from 'node:util'
import { UsageFault } from '../usageFault.ts'

export const USAGE = `npm run rotate -- [what]

  (nothing)            one run, as the timer makes it: takes the exchange of each certificate as far as it goes
  --now                exchanges the certificate now: makes a new version where there is none yet, and brings it into use
  --revoke <version>   as --now for the version named, which goes as soon as another one signs, without resting
  --status             which version signs, what becomes of the others, what is in the way, what is next

  --client <id>        of one application only; otherwise of both
  --desk               those of the desk that runs (\`npm start\`)
  --settings <file>    settings from a file of NAME=value lines, over those of the environment`

const OPTIONS = {
  now: { type: 'boolean', default: false },
  revoke: { type: 'string' },
  status: { type: 'boolean', default: false },
  client: { type: 'string' },
  settings: { type: 'string' },
  desk: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

export type RotateDeed =
  | { readonly kind: 'run' | 'now' | 'status' }
  | { readonly kind: 'revoke'; readonly version: string }

export interface RotateCommand {
  /** Undefined: the usage is asked for. */
  readonly deed?: RotateDeed
  readonly clientId?: string
  readonly onDesk: boolean
  readonly settings?: string
}

/** Throws {@link UsageFault}. */
export function parseRotate(argv: readonly string[]): RotateCommand {
  const { now, revoke, status, client, settings, desk: onDesk, help } = parsed(argv)
  if (help) return { onDesk }
  if (onDesk && settings !== undefined)
    throw new UsageFault('A desk has settings of its own: leave --settings away.')
  if ([now, revoke !== undefined, status].filter(Boolean).length > 1)
    throw new UsageFault('One of --now, --revoke and --status at a time.')
  if (revoke !== undefined && !/^[0-9a-f]{32}$/i.test(revoke))
    throw new UsageFault('A version is named by its 32 hexadecimal digits, as --status lists them.')
  const deed: RotateDeed =
    revoke === undefined
      ? { kind: now ? 'now' : status ? 'status' : 'run' }
      : { kind: 'revoke', version: revoke.toLowerCase() }
  return {
    deed,
    onDesk,
    ...(client === undefined ? {} : { clientId: client.toLowerCase() }),
    ...(settings === undefined ? {} : { settings }),
  }
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS }).values
  } catch (fault) {
    throw new UsageFault(fault instanceof Error ? fault.message : String(fault))
  }
}
