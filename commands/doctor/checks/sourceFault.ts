/** What it means when a source of the credential gives no assertion at all, and which command puts it right. */
import { X509Certificate } from 'node:crypto'
import { readPemFile } from '../../../lib/credential/readPemFile.ts'
import type { AppError } from '../../../lib/errors/appError.ts'
import { type Finding, fail } from '../check.ts'
import type { Examination, ExaminedClient, ExaminedSource } from '../examination.ts'
import { vaultFinding } from './vaultFinding.ts'

const DAY_MS = 86_400_000
const LEAST_DAYS = 30

/** Whether there was nothing that could have been sent to Entra. */
export function isSourceFault({ code }: AppError): boolean {
  return /^(vault|identity|tpm|pem)\//.test(code)
}

export async function sourceFinding(
  fault: AppError,
  { certificate }: ExaminedClient,
  { kind }: ExaminedSource,
  examination: Examination,
): Promise<Finding> {
  const { commands } = examination
  if (kind === 'vault' && certificate !== undefined)
    return vaultFinding(fault, 'sign', certificate, examination)
  const reason = `(${[fault.code, fault.context.detail].filter(Boolean).join(': ')})`
  const what = fault.row.operatorAction
  switch (kind) {
    case 'tpm':
      return fail(`The TPM gives no assertion on this machine ${reason}. ${what}`, 'npm run tpm -- status')
    case 'pem':
      return fail(
        `The PEM file gives no assertion on this machine ${reason}. ${what}`,
        commands.setSettings(['PEM_FILE']),
      )
    default:
      return fail(
        `The managed identity gives no token for the exchange ${reason}. ${what}`,
        commands.assignIdentity(),
      )
  }
}

/** What nobody renews says so in time: a certificate in a file. Undefined where it lasts. */
export async function localCertificateNote(
  { settings }: ExaminedSource,
  { effects }: Examination,
): Promise<string | undefined> {
  const renewals = { tpm: 'npm run tpm -- csr', pem: 'put a new one into PEM_FILE' }
  if (settings.kind !== 'tpm' && settings.kind !== 'pem') return undefined
  const file = settings.kind === 'tpm' ? settings.tpm.certificateFile : settings.file
  const { validToDate } = new X509Certificate(await readPemFile(file))
  const days = Math.floor((validToDate.getTime() - effects.now()) / DAY_MS)
  return days >= LEAST_DAYS
    ? undefined
    : `Its certificate ends in ${days} days, and nobody renews it by itself: ${renewals[settings.kind]}`
}
