/** Whether the vault asks for tokens that are bound to a key of their bearer, which no SDK of ours can give it. */
import { settingsOf } from '../../../lib/config/credentials.ts'
import { asAppError } from '../../../lib/errors/appError.ts'
import { createAzure } from '../../evidence/azure.ts'
import { AzureFault } from '../../resourceManager.ts'
import { type Check, fail, pass } from '../check.ts'
import type { Examination } from '../examination.ts'

export const tokenBinding: Check = {
  id: 'token-binding',
  title: 'The vault takes tokens that are bound to no key',
  method:
    'Asks Azure Resource Manager for the vault’s properties (`tokenBindingParameters`), where `AZURE_SUBSCRIPTION_ID` and `AZURE_RESOURCE_GROUP` say where it is and whoever looks may read it.',
  needs: ['identity'],
  concerns: ({ credentials, appOnly }) => (settingsOf(credentials, 'vault') ?? appOnly) !== undefined,
  async examine(examination) {
    const { commands, env, identity, effects } = examination
    const url = vaultUrl(examination)
    try {
      const azure = createAzure({ env, credential: identity.credential, effects })
      const { tokenBinding: mode } = await azure.vault(url)
      switch (mode) {
        case 'enforced':
          return fail(
            `${url} enforces token binding: it refuses every token that is not bound to a key of its bearer, as those of this app are, so that nothing can be read or signed and no new assertion is made.`,
            commands.turnOffTokenBinding(url),
          )
        case 'enabled':
          return pass(
            `${url} takes bound tokens and others alike.`,
            'Set to "enforced", it would refuse this app: nothing could be read or signed.',
          )
        default:
          return pass(`${url} does not ask for bound tokens.`)
      }
    } catch (fault) {
      const why = fault instanceof AzureFault ? fault.message : `${asAppError(fault).code}.`
      return pass(
        `Nothing says that ${url} asks for bound tokens.`,
        `Its properties could not be read. ${why} A vault that enforces token binding would refuse this app.`,
      )
    }
  },
}

function vaultUrl({ config: { credentials, appOnly } }: Examination): string {
  return (settingsOf(credentials, 'vault')?.vault ?? appOnly?.vault)?.url ?? ''
}
