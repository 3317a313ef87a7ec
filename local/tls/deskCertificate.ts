/**
 * The certificate of a desk that speaks TLS, kept so that whoever trusted its authority need not do so again. The authority signs this one
 * certificate and its key is thrown away: to trust it is to trust this machine's localhost, and no file here can vouch for more.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createAuthority, type ServerCertificate } from '../pki.ts'

const NAMES = ['localhost', '127.0.0.1']
/** The longest that Apple's platforms accept of a server certificate, however it is trusted, is 825. */
const LIFETIME_DAYS = 820
const DAY_MS = 86_400_000
/** A new one is made before somebody is surprised by the end of the old one. */
const LEAST_LEFT_MS = 30 * DAY_MS

const FILES = { authority: 'authority.pem', certificate: 'localhost.pem', key: 'localhost-key.pem' } as const

export interface DeskCertificate {
  readonly server: ServerCertificate
  readonly authorityPem: string
  /** Path of the authority's certificate: what a browser is told to trust. */
  readonly authorityFile: string
  /** Nobody can have trusted it yet. */
  readonly isNew: boolean
}

/** The one in the folder, or a new one where there is none, it is damaged or it ends within a month. */
export async function deskCertificate(
  folder: string,
  now: () => number = Date.now,
): Promise<DeskCertificate> {
  const kept = await read(folder).catch(() => undefined)
  if (kept !== undefined && isGood(kept, now())) return { ...kept, isNew: false }
  await write(folder, now)
  return { ...(await read(folder)), isNew: true }
}

async function read(folder: string): Promise<Omit<DeskCertificate, 'isNew'>> {
  const authorityFile = join(folder, FILES.authority)
  const [authorityPem, certPem, keyPem] = await Promise.all(
    [authorityFile, join(folder, FILES.certificate), join(folder, FILES.key)].map((path) =>
      readFile(path, 'utf8'),
    ),
  )
  return {
    server: { certPem: certPem ?? '', keyPem: keyPem ?? '' },
    authorityPem: authorityPem ?? '',
    authorityFile,
  }
}

function isGood({ server, authorityPem }: Omit<DeskCertificate, 'isNew'>, nowMs: number): boolean {
  try {
    const certificate = new X509Certificate(server.certPem)
    return (
      certificate.verify(new X509Certificate(authorityPem).publicKey) &&
      certificate.checkPrivateKey(createPrivateKey(server.keyPem)) &&
      Date.parse(certificate.validTo) > nowMs + LEAST_LEFT_MS
    )
  } catch {
    return false
  }
}

/** All three files or none: a start that is broken off leaves no certificate without its key. */
async function write(folder: string, now: () => number): Promise<void> {
  const authority = createAuthority({ subject: 'CN=Signet desk for localhost', days: LIFETIME_DAYS, now })
  const { certPem, keyPem } = authority.issueServer({ names: NAMES })
  await mkdir(dirname(folder), { recursive: true })
  const draft = await mkdtemp(`${folder}-`)
  await writeFile(join(draft, FILES.authority), authority.certPem)
  await writeFile(join(draft, FILES.certificate), certPem)
  await writeFile(join(draft, FILES.key), keyPem, { mode: 0o600 })
  await rm(folder, { recursive: true, force: true })
  await rename(draft, folder)
}
