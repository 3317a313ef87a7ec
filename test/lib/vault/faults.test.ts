import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../lib/errors/appError.ts'
import { isRetryable, vaultError } from '../../../lib/vault/faults.ts'
import { START_MS } from '../../support/heldEffects.ts'

/** A fault as the SDK throws it: an Error with members. */
function sdkFault(members: object, name = 'RestError'): Error {
  return Object.assign(new Error('text of the vault, with a host name in it'), { name }, members)
}

function withStatus(
  statusCode: number,
  inner?: string,
  headers: Readonly<Record<string, string>> = {},
): Error {
  const details = { error: { code: 'Code', ...(inner === undefined ? {} : { innerError: { code: inner } }) } }
  return sdkFault({ statusCode, code: 'Code', details, response: { headers: new Headers(headers) } })
}

describe('vaultError', () => {
  it.each([
    ['429', withStatus(429), 'vault/throttled'],
    ['401', withStatus(401), 'identity/unavailable'],
    ['403', withStatus(403), 'vault/forbidden'],
    ['403 by role', withStatus(403, 'ForbiddenByRbac'), 'vault/forbidden'],
    ['403 by firewall', withStatus(403, 'ForbiddenByFirewall'), 'vault/forbidden'],
    ['403 of a disabled key', withStatus(403, 'KeyDisabled'), 'vault/key_unusable'],
    ['404', withStatus(404), 'vault/key_unusable'],
    ['400', withStatus(400), 'vault/key_unusable'],
    ['409', withStatus(409), 'vault/key_unusable'],
    ['500', withStatus(500), 'vault/unavailable'],
    ['502', withStatus(502), 'vault/unavailable'],
    ['503', withStatus(503), 'vault/unavailable'],
    ['504', withStatus(504), 'vault/unavailable'],
    ['an HTML page with 403', sdkFault({ statusCode: 403, code: undefined }), 'vault/forbidden'],
    ['an HTML page with 200', sdkFault({}, 'SyntaxError'), 'vault/unavailable'],
    [
      'an empty body',
      new TypeError("Cannot read properties of undefined (reading 'error')"),
      'vault/unavailable',
    ],
    ['our deadline, as the SDK reports it', sdkFault({}, 'AbortError'), 'vault/timeout'],
    ['our deadline, as the platform reports it', new DOMException('', 'TimeoutError'), 'vault/timeout'],
    ['no such host', sdkFault({ code: 'ENOTFOUND' }), 'vault/unavailable'],
    ['a reset', sdkFault({ code: 'ECONNRESET' }), 'vault/unavailable'],
    [
      'a certificate for other names',
      sdkFault({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }),
      'vault/misaddressed',
    ],
    [
      'a certificate that nobody vouches for',
      sdkFault({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }),
      'vault/unavailable',
    ],
    [
      'a vault of another domain',
      new Error("The challenge resource 'vault.azure.net' does not match the requested domain. Set …"),
      'vault/misaddressed',
    ],
    [
      'words about a challenge in the vault’s own answer',
      sdkFault({ statusCode: 500, message: 'The challenge resource' }),
      'vault/unavailable',
    ],
    ['no identity', sdkFault({}, 'CredentialUnavailableError'), 'identity/unavailable'],
    ['a refused identity', sdkFault({ statusCode: 400 }, 'AuthenticationError'), 'identity/unavailable'],
    ['an identity that wants a person', sdkFault({}, 'AuthenticationRequiredError'), 'identity/unavailable'],
    ['a string', 'down', 'vault/unavailable'],
    ['nothing', undefined, 'vault/unavailable'],
  ])('of %s', (_name, fault, code) => {
    expect(vaultError(fault, START_MS).code).toBe(code)
  })

  it('leaves an AppError as it is', () => {
    const error = new AppError('vault/key_unusable')

    expect(vaultError(error, START_MS)).toBe(error)
  })

  it('keeps name, status and codes for the log, and no text', () => {
    const { context, message } = vaultError(withStatus(403, 'ForbiddenByRbac'), START_MS)

    expect(context.detail).toBe('RestError 403 Code ForbiddenByRbac')
    expect(message).not.toContain('host name')
  })

  it.each([
    ['12', 12],
    ['0', 1],
    ['1.5', 2],
    ['-1', 1],
    ['soon', undefined],
    [new Date(START_MS + 12_000).toUTCString(), 12],
  ])('reads Retry-After %j as %s', (header, seconds) => {
    const { context } = vaultError(withStatus(429, undefined, { 'retry-after': header }), START_MS)

    expect(context.retryAfterSec).toBe(seconds)
  })

  it('never throws and never calls it a bug, whatever was thrown', () => {
    fc.assert(
      fc.property(fc.anything(), (fault) => {
        expect(vaultError(fault, START_MS).code).toMatch(/^(vault|identity)\//)
      }),
    )
  })
})

describe('isRetryable', () => {
  it.each([
    ['vault/throttled', true],
    ['vault/timeout', true],
    ['vault/unavailable', true],
    ['vault/forbidden', false],
    ['vault/misaddressed', false],
    ['vault/key_unusable', false],
    ['identity/unavailable', false],
    ['bug/unexpected', false],
  ] as const)('of %s is %s', (code, expected) => {
    expect(isRetryable(new AppError(code))).toBe(expected)
  })
})
