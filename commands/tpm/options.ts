/** What `npm run tpm` is told. Pure. */
import { parseArgs } from 'node:util'
import { UsageFault } from '../usageFault.ts'

export const USAGE = `npm run tpm -- <command>

  create                    makes a signing key in the TPM, at the handle TPM_HANDLE
  csr                       prints a request for a certificate (PKCS #10, PEM), for an authority of your own
  certificate               prints a self-signed certificate (PEM), for TPM_CERTIFICATE and for the registration
  status                    says what the TPM states of the key, and whether it signs

  --bits <2048 | 3072>      size of a new key (default 2048)
  --auth-fd <number>        a new key gets an auth value, read from this file descriptor: 0 is standard input
  --subject <name>          of request and certificate (default CN=Signet)
  --days <1 to 730>         life of the certificate (default 90)
  --settings <file>         settings from a file of NAME=value lines, over those of the environment

The settings are those of the app: TPM_HANDLE, TPM_TCTI, TPM_CERTIFICATE, TPM_AUTH_FILE, TPM_PCRS.`

export interface TpmCommand {
  readonly verb: 'create' | 'csr' | 'certificate' | 'status' | 'help'
  readonly bits: number
  readonly authFd?: number
  readonly subject: string
  readonly days: number
  readonly settings?: string
}

const OPTIONS = {
  bits: { type: 'string', default: '2048' },
  'auth-fd': { type: 'string' },
  subject: { type: 'string', default: 'CN=Signet' },
  days: { type: 'string', default: '90' },
  settings: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** Throws {@link UsageFault}. */
export function parseCommand(argv: readonly string[]): TpmCommand {
  const { values, positionals } = parsed(argv)
  const [given, ...rest] = positionals
  const verb = values.help
    ? 'help'
    : (['create', 'csr', 'certificate', 'status'] as const).find((one) => one === given)
  if (verb === undefined || rest.length > 0) throw new UsageFault('Name one command.')
  if (values.bits !== '2048' && values.bits !== '3072') throw new UsageFault('--bits is 2048 or 3072.')
  const authFd = values['auth-fd']
  if (authFd !== undefined && !/^\d{1,4}$/.test(authFd))
    throw new UsageFault(
      '--auth-fd is the number of a file descriptor; an auth value itself is never typed here.',
    )
  const days = Number(values.days)
  if (!/^\d{1,3}$/.test(values.days) || days < 1 || days > 730) throw new UsageFault('--days is 1 to 730.')
  const { subject, settings } = values
  return {
    verb,
    bits: Number(values.bits),
    ...(authFd === undefined ? {} : { authFd: Number(authFd) }),
    subject,
    days,
    ...(settings === undefined ? {} : { settings }),
  }
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true })
  } catch {
    // What was typed may hold what must not be shown again.
    throw new UsageFault('There is an option that is not known, or one without its value.')
  }
}
