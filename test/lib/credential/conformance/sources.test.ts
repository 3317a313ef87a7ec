/** The four sources, each behind a stand-in for what keeps its key. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { sha256 } from '../../../../lib/base/crypto.ts'
import { ENTRA_PROFILE } from '../../../../lib/credential/assertionProfile.ts'
import { createSource } from '../../../../lib/credential/createSource.ts'
import { createTpmCredential } from '../../../../lib/credential/tpm/tpmCredential.ts'
import { createVersionedAssertions } from '../../../../lib/credential/versionedAssertions.ts'
import { AppError } from '../../../../lib/errors/appError.ts'
import { signDigest } from '../../../../local/vault/signDigest.ts'
import { certifiedKey } from '../../../support/certifiedKey.ts'
import { CLIENT } from '../../../support/configOf.ts'
import { createFakeTpm } from '../../../support/fakeTpm.ts'
import { heldEffects } from '../../../support/heldEffects.ts'
import { conformsAsSource, type SourceWorld } from './suite.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const OF_OURS = { freshMs: 5 * MINUTE_MS, usableMs: 8 * MINUTE_MS }
const key = await certifiedKey()
const folder = mkdtempSync(join(tmpdir(), 'signet-sources-'))
afterAll(() => rmSync(folder, { recursive: true }))

const base64urlJson = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const NO_IDENTITY = { getToken: async () => null }

async function openVaultSource(): Promise<SourceWorld> {
  const effects = heldEffects()
  const vault = { isAway: false, asked: 0 }
  const certificate = {
    name: 'signing',
    version: 'v1',
    keyId: 'https://vault.example/keys/signing/v1',
    thumbprintS256: 'thumbprint',
    thumbprintSha1: 'THUMBPRINT',
    expiresAtMs: Number.POSITIVE_INFINITY,
  }
  const credential = createVersionedAssertions({
    clientId: CLIENT,
    effects,
    certificates: { read: async () => certificate },
    async sign(_keyId, input) {
      vault.asked += 1
      if (vault.isAway) throw new AppError('vault/unavailable')
      return new Uint8Array(signDigest(key.privateKey, 'PS256', Buffer.from(sha256(input))))
    },
  })
  return {
    source: { kind: 'vault', ...credential },
    effects,
    asked: () => vault.asked,
    setAway: (isAway) => {
      vault.isAway = isAway
    },
    publicKey: key.publicKey,
    secrets: [],
    ...OF_OURS,
    faultWhenAway: 'vault/unavailable',
  }
}

async function openManagedIdentitySource(): Promise<SourceWorld> {
  const effects = heldEffects()
  const endpoint = { isAway: false, asked: 0 }
  const source = createSource(
    { kind: 'managed-identity', clientId: CLIENT, audience: 'api://AzureADTokenExchange' },
    {
      clientId: CLIENT,
      profile: ENTRA_PROFILE,
      effects,
      identity: {
        async getToken() {
          endpoint.asked += 1
          if (endpoint.isAway) throw new Error('no endpoint at 169.254.169.254')
          const nowSec = effects.now() / 1_000
          const claims = base64urlJson({ nbf: nowSec, exp: nowSec + 3_600, n: endpoint.asked })
          return {
            token: `${base64urlJson({ alg: 'RS256' })}.${claims}.c2lnbmF0dXJl`,
            expiresOnTimestamp: effects.now() + HOUR_MS,
          }
        },
      },
    },
  )
  return {
    source,
    effects,
    asked: () => endpoint.asked,
    setAway: (isAway) => {
      endpoint.isAway = isAway
    },
    secrets: ['169.254'],
    freshMs: HOUR_MS / 2,
    usableMs: HOUR_MS - MINUTE_MS,
    faultWhenAway: 'identity/unavailable',
  }
}

async function openTpmSource(): Promise<SourceWorld> {
  const effects = heldEffects()
  const { tpm, run } = createFakeTpm(key)
  const certificateFile = join(folder, 'tpm-certificate.pem')
  const authFile = join(folder, 'auth')
  writeFileSync(certificateFile, key.certificate.toString())
  writeFileSync(authFile, 'an auth value\n')
  const credential = createTpmCredential({
    clientId: CLIENT,
    effects,
    run,
    tpm: { handle: tpm.handle, tcti: 'device:/dev/tpmrm0', certificateFile, authFile },
  })
  const isTrial = 1
  return {
    source: { kind: 'tpm', ...credential },
    effects,
    // The first signature of all is the one by which the key proves what it can.
    asked: () => tpm.runs.filter(({ tool }) => tool === 'tpm2_sign').length - isTrial,
    setAway: (isAway) => {
      tpm.refusal = isAway ? '0x101' : undefined
    },
    publicKey: key.publicKey,
    secrets: ['an auth value', Buffer.from('an auth value').toString('hex')],
    ...OF_OURS,
    faultWhenAway: 'tpm/unavailable',
  }
}

let files = 0
async function openPemSource(): Promise<SourceWorld> {
  const logged = heldEffects()
  const file = join(folder, `${files++}.pem`)
  writeFileSync(file, key.pem)
  const source = createSource(
    { kind: 'pem', file },
    { clientId: CLIENT, profile: ENTRA_PROFILE, effects: logged, identity: NO_IDENTITY },
  )
  return {
    source,
    effects: logged,
    asked: () => logged.logs.filter(({ event }) => event === 'credential.signed').length,
    setAway: (isAway) => (isAway ? renameSync(file, `${file}.away`) : renameSync(`${file}.away`, file)),
    publicKey: key.publicKey,
    secrets: key.pem.split('\n').filter((line) => line.length > 40),
    ...OF_OURS,
    faultWhenAway: 'pem/key_unusable',
  }
}

conformsAsSource('vault', openVaultSource)
conformsAsSource('managed-identity', openManagedIdentitySource)
conformsAsSource('tpm', openTpmSource)
conformsAsSource('pem', openPemSource)
