import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { keyDisabled } from '../../local/vault/vaultError.ts'
import { openDeskVault } from './openDeskVault.ts'
import { until } from './until.ts'

const digest = createHash('sha256').update('digest me').digest()

it('a throttle without Retry-After is thrown after one request', async () => {
  const { vault, sign } = await openSigner()
  vault.faults.always({ kind: 'throttle' }, 'sign')

  await expect(sign()).rejects.toMatchObject({ statusCode: 429, code: 'Throttled' })

  expect(signs(vault)).toMatchObject([{ status: 429, fault: 'throttle' }])
})

it('a throttle with Retry-After is waited out', async () => {
  const { vault, sign } = await openSigner()
  vault.faults.next(1, { kind: 'throttle', retryAfterSec: 0 }, 'sign')

  await sign()

  expect(signs(vault)).toMatchObject([{ status: 429 }, { status: 200 }])
})

it('Retry-After is sent in seconds', async () => {
  const { vault, request } = await openDeskVault()
  vault.faults.next(1, { kind: 'throttle', retryAfterSec: 7 })

  const answer = await request('GET', '/certificates/signet?api-version=7.6')

  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7'])
})

it('an empty 429 breaks the SDK in a way of its own', async () => {
  const { vault, sign } = await openSigner()
  vault.faults.next(1, { kind: 'empty' }, 'sign')

  await expect(sign()).rejects.toThrow(TypeError)
})

it('a refusal of the role is the service speaking', async () => {
  const { vault, sign } = await openSigner()
  vault.faults.next(1, { kind: 'forbid' }, 'sign')

  await expect(sign()).rejects.toMatchObject({
    statusCode: 403,
    code: 'Forbidden',
    details: { error: { innerError: { code: 'ForbiddenByRbac' } } },
  })
})

it('a page from something in front of the vault has no code', async () => {
  const { vault, sign } = await openSigner()
  vault.faults.next(1, { kind: 'html' }, 'sign')

  await expect(sign()).rejects.toMatchObject({ name: 'RestError', statusCode: 403, code: undefined })
})

it('a key read that is forbidden does not keep the client from signing', async () => {
  const { vault, signerOf, operations } = await openDeskVault()
  vault.faults.always({ kind: 'forbid' }, 'key read')

  await signerOf(vault.certificate().kid).sign('PS256', digest)

  expect(operations()).toEqual(['challenge', 'key read', 'sign'])
})

it.each(['unavailable', 'broken', 'drop'] as const)(
  'after one request that met "%s" the SDK tries again',
  async (kind) => {
    const { vault, sign } = await openSigner()
    vault.faults.next(1, { kind }, 'sign')

    await sign()

    const status = { unavailable: 503, broken: 500, drop: 0 }[kind]
    expect(signs(vault)).toMatchObject([{ status, fault: kind }, { status: 200 }])
  },
)

it('a vault that stays unavailable is given up', async () => {
  const { vault, sign } = await openSigner()
  vault.faults.always({ kind: 'unavailable' }, 'sign')

  await expect(sign()).rejects.toMatchObject({ statusCode: 503, code: 'ServiceUnavailable' })
})

it('a stalled request is unanswered until its caller gives up', async () => {
  const { vault, sign } = await openSigner()
  vault.faults.always({ kind: 'stall' }, 'sign')
  const patience = new AbortController()

  const signing = sign(patience.signal)
  await until(() => signs(vault).length > 0)
  patience.abort()

  await expect(signing).rejects.toMatchObject({ name: 'AbortError' })
  expect(signs(vault)).toMatchObject([{ status: 0, fault: 'stall' }])
})

it('a stalled request goes on when the faults are cleared', async () => {
  const { vault, sign } = await openSigner()
  vault.faults.always({ kind: 'stall' }, 'sign')

  const signing = sign()
  await until(() => signs(vault).length > 0)
  vault.faults.clear()

  await expect(signing).resolves.toMatchObject({ keyID: vault.certificate().kid })
  await expect(sign()).resolves.toBeDefined()
})

it('a vault that goes down cuts the requests it was working on', async () => {
  const { vault, sign } = await openSigner()
  vault.faults.always({ kind: 'stall' }, 'sign')

  const signing = sign()
  await until(() => signs(vault).length > 0)
  const isDown = vault.down()

  await expect(signing).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await isDown
})

it('a slow answer takes the time it was told, by the given clock', async () => {
  const slept: number[] = []
  const { vault, sign } = await openSigner({ sleep: async (ms) => slept.push(ms) })
  vault.faults.next(1, { kind: 'slow', ms: 1500 }, 'sign')

  await sign()
  await sign()

  expect(slept).toEqual([1500])
})

it('a key that is disabled behind our back refuses', async () => {
  const { vault, sign } = await openSigner()
  vault.faults.next(1, keyDisabled, 'sign')

  await expect(sign()).rejects.toMatchObject({
    statusCode: 403,
    details: { error: { innerError: { code: 'KeyDisabled' } } },
  })
  await expect(sign()).resolves.toBeDefined()
})

it('faults queue up in order, before the standing one, and strike their operation only', async () => {
  const { vault, request } = await openDeskVault()
  vault.faults.always({ kind: 'broken' })
  vault.faults.next(2, { kind: 'empty' }, 'certificate read')
  vault.faults.next(1, { kind: 'html' })
  const read = () => request('GET', '/certificates/signet?api-version=7.6')

  const keyRead = await request('GET', '/keys/signet?api-version=7.6')
  const reads = [await read(), await read(), await read()]
  vault.faults.clear()

  expect([keyRead, ...reads, await read()].map(({ status }) => status)).toEqual([403, 429, 429, 500, 200])
})

it('a vault that is down refuses connections, and is there again with the same versions', async () => {
  const { vault, request } = await openDeskVault()
  const path = `/certificates/signet/${vault.certificate().version}?api-version=7.6`
  await vault.down()

  await expect(request('GET', path)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
  await vault.up()

  expect((await request('GET', path)).status).toBe(200)
})

/** A vault and a client that has its token and its key, so that what follows is signing alone. */
async function openSigner(options: Parameters<typeof openDeskVault>[0] = {}) {
  const { vault, signerOf } = await openDeskVault(options)
  const signer = signerOf(vault.certificate().kid)
  await signer.sign('PS256', digest)
  const warmUps = vault.requests.length
  return {
    vault: { ...vault, warmUps },
    sign: (abortSignal?: AbortSignal) =>
      signer.sign('PS256', digest, abortSignal === undefined ? {} : { abortSignal }),
  }
}

function signs(vault: Awaited<ReturnType<typeof openSigner>>['vault']) {
  return vault.requests.slice(vault.warmUps)
}
