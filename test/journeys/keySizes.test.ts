/** Keys of every size that Key Vault makes for RSA: each signs an assertion that its certificate verifies, and Entra takes. */
import { createPublicKey } from 'node:crypto'
import { compactVerify } from 'jose'
import { expect, test } from 'vitest'
import { createAppOnlyTokens } from '../../lib/entra/appOnlyTokens.ts'
import { createTokenEndpoint } from '../../lib/entra/tokenEndpoint.ts'
import { openJourney } from '../support/openJourney.ts'

const world = await openJourney()
const { entra, vault, clientId } = world.desk

test.each([2048, 3072, 4096])('RSA of %i bits', async (keySize) => {
  const name = `rsa-${keySize}`
  const series = await vault.addCertificate(name, { keySize }, 30)
  const [certificate] = series.versions()
  entra.registerCertificate(clientId, certificate?.der ?? Buffer.of())
  world.replaceInstance({ SIGNING_CERTIFICATE: name })
  const { config, credential, effects } = world.app()
  const { issuerTemplate, token: url } = config.entra
  const { jws } = await credential.assertionFor(url)
  const key = createPublicKey({ key: certificate?.publicJwk ?? {}, format: 'jwk' })

  await compactVerify(jws, key, { algorithms: ['PS256'] })
  expect(Buffer.from(jws.split('.')[2] ?? '', 'base64url')).toHaveLength(keySize / 8)
  const endpoint = createTokenEndpoint({ clientId, issuerTemplate, url, credential, effects })
  await expect(
    createAppOnlyTokens({ endpoint, effects }).tokenFor(`api://${clientId}/.default`),
  ).resolves.toBeTypeOf('string')
})
