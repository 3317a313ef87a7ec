/** Whether Entra publishes what the settings pin. */

import { createProviderKeys } from '../../../lib/entra/providerKeys.ts'
import { asAppError } from '../../../lib/errors/appError.ts'
import { type Check, fail, pass } from '../check.ts'

export const metadata: Check = {
  id: 'metadata',
  title: 'Entra’s metadata is that of the tenant',
  method:
    'Fetches discovery document and signing keys; issuer and hosts must be those that the settings pin.',
  needs: ['settings'],
  async examine({ config: { entra }, effects, commands }) {
    try {
      await createProviderKeys(entra, effects).check()
      return pass(`Issuer ${entra.issuerTemplate}, with its keys.`)
    } catch (thrown) {
      const { code, context } = asAppError(thrown)
      const fix = commands.setSettings(['ENTRA_TENANT_ID', 'ENTRA_AUTHORITY_HOST', 'ENTRA_ISSUER'])
      if (code === 'entra/metadata_mismatch')
        return fail(
          `${entra.metadata} names another ${context.detail} than the settings: issuer ${entra.issuerTemplate}, host ${entra.origin}.`,
          fix,
        )
      if (context.detail === 'status 400' || context.detail === 'status 404')
        return fail(`${entra.metadata} is not there (${context.detail}): no such tenant at this host.`, fix)
      return fail(
        `${entra.metadata} gave no proper answer (${context.detail}).`,
        `curl --head ${entra.metadata}`,
      )
    }
  },
}
