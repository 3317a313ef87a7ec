/** The sources beside the vault that a desk was asked for: each with a key or a trust of its own, and the settings that lead there. */
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { certifyTpmKey } from '../../commands/tpm/certify.ts'
import { createTpmKey } from '../../commands/tpm/createKey.ts'
import { pemOf } from '../../lib/base/x509.ts'
import { createRunTool } from '../../lib/credential/tpm/runTool.ts'
import { createSigningCertificate } from '../pki.ts'
import { openTpm, type TpmStub } from './openTpm.ts'

const HANDLE = '0x81010001'
const DAYS = 30
const DAY_MS = 86_400_000
/** A software TPM looks for primes for seconds, on a busy machine. */
const TOOL_MS = 60_000

export interface OpenedSources {
  /** Certificates to register, DER. */
  readonly certificates: readonly Buffer[]
  readonly settings: Readonly<Record<string, string>>
  readonly tpm?: TpmStub
}

/** `kinds`: as CREDENTIAL lists them. `folder`: where files of theirs may lie. Throws an Error that says what to install. */
export async function openSources(
  kinds: readonly string[],
  folder: string,
  now: () => number,
): Promise<OpenedSources> {
  const [ofTpm, ofPem] = await Promise.all([
    kinds.includes('tpm') ? openTpmSource(folder, now) : undefined,
    kinds.includes('pem') ? openPemSource(folder, now) : undefined,
  ])
  return {
    certificates: [...(ofTpm?.certificates ?? []), ...(ofPem?.certificates ?? [])],
    settings: { ...ofTpm?.settings, ...ofPem?.settings },
    ...(ofTpm === undefined ? {} : { tpm: ofTpm.tpm }),
  }
}

/** As an operator would: a key made by the command, and its self-signed certificate. */
async function openTpmSource(folder: string, now: () => number) {
  const tpm = await openTpm()
  const run = createRunTool(tpm.tcti, TOOL_MS)
  const access = { handle: HANDLE }
  await createTpmKey(run, { tcti: tpm.tcti, access, bits: 2048 })
  const given = {
    access,
    subject: 'CN=Signet on this desk',
    days: DAYS,
    nowMs: now(),
    serial: randomBytes(16),
  }
  const pem = await certifyTpmKey(run, given)
  const certificateFile = join(folder, 'tpm-certificate.pem')
  await writeFile(certificateFile, pem)
  const base64 = pem.replace(/-----[^-]+-----|\s/g, '')
  return {
    tpm,
    certificates: [Buffer.from(base64, 'base64')],
    settings: { TPM_CERTIFICATE: certificateFile, TPM_HANDLE: HANDLE, TPM_TCTI: tpm.tcti },
  }
}

async function openPemSource(folder: string, now: () => number) {
  const { der, privateKey } = await createSigningCertificate({
    subject: 'CN=Signet on this desk',
    notBefore: new Date(now() - DAY_MS),
    notAfter: new Date(now() + DAYS * DAY_MS),
  })
  const file = join(folder, 'signet.pem')
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  await writeFile(file, `${pemOf('CERTIFICATE', der)}${key}`, { mode: 0o600 })
  return { certificates: [der], settings: { PEM_FILE: file } }
}
