/** What an operator reads in the log: the certificate that signed or was refused, and Entra's own names for a refusal. */
import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ERRORS } from '../../lib/errors/table.ts'
import { openJourney } from '../support/openJourney.ts'
import { newVisitor } from '../support/visitor.ts'

const world = await openJourney()
const { entra, vault, clientId } = world.desk

const lastLine = (event: string) => world.logs.findLast((line) => line.event === event)?.facts

/** The certificate as vault and portal name it. */
function names() {
  const { der, x5tS256, version } = vault.certificate()
  const thumbprintSha1 = new X509Certificate(der).fingerprint.replaceAll(':', '')
  return { certificateVersion: version, thumbprintS256: x5tS256, thumbprintSha1 }
}

describe('the certificate', () => {
  test('that signs is in the log by name, version and both thumbprints', async () => {
    world.replaceInstance()
    await newVisitor(world.origin).signIn()

    expect(lastLine('credential.signed')).toMatchObject({ credential: 'vault', ...names() })
  })

  test('that Entra refused is in the line of the refused request, as the error table promises', async () => {
    world.replaceInstance()
    const { x5tS256, der } = vault.certificate()
    entra.removeCertificate(clientId, x5tS256)
    await newVisitor(world.origin).signIn()
    entra.registerCertificate(clientId, der)

    expect(ERRORS['entra/client_rejected'].operatorAction).toContain('whose thumbprint the log names')
    expect(lastLine('request')).toMatchObject({ outcome: 'entra/client_rejected', ...names() })
  })

  test('is not named where it was not the reason', async () => {
    entra.switches.token.refuse = 70008
    await newVisitor(world.origin).signIn()

    expect(lastLine('request')).toMatchObject({ outcome: 'entra/grant_rejected' })
    expect(lastLine('request')).not.toHaveProperty('thumbprintS256')
  })
})

describe('a refusal', () => {
  test('of the token endpoint is in the log by name, numbers and the ids under which Entra finds it', async () => {
    entra.switches.token.refuse = 700016
    await newVisitor(world.origin).signIn()

    const { correlationId, ...line } = lastLine('request') ?? {}
    expect(line).toMatchObject({
      entraError: 'unauthorized_client',
      entraErrorCodes: [700016],
      entraTraceId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      // The one we sent: both logs meet in it.
      entraCorrelationId: correlationId,
    })
  })

  test('that came back through the browser is, too, and its description is not', async () => {
    await newVisitor(world.origin).signIn('/auth/login', { refuse: 'blocked' })

    const line = lastLine('request') ?? {}
    expect(line).toMatchObject({
      entraError: 'access_denied',
      entraErrorCodes: [expect.any(Number)],
      entraTraceId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect(JSON.stringify(line)).not.toContain('Trace ID')
  })
})
