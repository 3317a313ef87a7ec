/**
 * A key in a TPM, as its public part states it: that it was made in this TPM and can leave it by no way that a TPM has, and what it may be
 * used for. Nobody has to be believed: the TPM itself keeps the attributes.
 */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { AppError } from '../../errors/appError.ts'
import type { RunTool } from './runTool.ts'

export interface TpmKey {
  readonly handle: string
  readonly publicKey: KeyObject
  readonly bits: number
  /** As tpm2-tools name them: `fixedtpm`, `fixedparent`, `sensitivedataorigin`, … */
  readonly attributes: readonly string[]
  readonly hasPolicy: boolean
}

/** Made in this TPM, and neither duplicated nor imported (TPM 2.0 library, part 1, section 25). */
const BOUND = ['fixedtpm', 'fixedparent', 'sensitivedataorigin'] as const

/** Whether the private key has never been anywhere but in this TPM, and cannot be. */
export function isBound({ attributes }: TpmKey): boolean {
  return BOUND.every((name) => attributes.includes(name))
}

/** Throws `tpm/*`; `tpm/key_unusable` for a key that is no RSA key. */
export async function readTpmKey(run: RunTool, handle: string): Promise<TpmKey> {
  return parsePublic(await run('tpm2_readpublic', ['-c', handle]), handle)
}

/** What tpm2_readpublic wrote, which is YAML of a fixed form. */
function parsePublic(text: string, handle: string): TpmKey {
  const valueNamed = (name: string): string | undefined =>
    new RegExp(`^${name}:(?:\\n  value:)? *(.+)$`, 'm').exec(text)?.[1]?.trim()
  const modulus = valueNamed('rsa')
  if (valueNamed('type') !== 'rsa' || modulus === undefined || !/^([0-9a-f]{2})+$/.test(modulus))
    throw new AppError('tpm/key_unusable', { detail: 'the key is not RSA' })
  // None means the usual one.
  const exponent = Number(valueNamed('exponent')) || 65_537
  return {
    handle,
    publicKey: createPublicKey({
      key: { kty: 'RSA', n: base64urlOf(modulus), e: exponentOf(exponent) },
      format: 'jwk',
    }),
    bits: Number(valueNamed('bits')),
    attributes: (valueNamed('attributes') ?? '').split('|'),
    hasPolicy: /^authorization policy: *[0-9a-f]/m.test(text),
  }
}

function base64urlOf(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64url')
}

function exponentOf(exponent: number): string {
  const hex = exponent.toString(16)
  return base64urlOf(hex.padStart(hex.length + (hex.length % 2), '0'))
}
