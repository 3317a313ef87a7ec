/** Whether the identity gets a token for each service the app uses. */
import type { Config } from '../../../lib/config/config.ts'
import { settingsOf } from '../../../lib/config/credentials.ts'
import { hostOf } from '../../../lib/config/urls.ts'
import { asAppError } from '../../../lib/errors/appError.ts'
import { STORAGE_SCOPE } from '../../../lib/session/tableCalls.ts'
import { type Check, fail, pass } from '../check.ts'
import type { Examination } from '../examination.ts'

export const identity: Check = {
  id: 'identity',
  title: 'The identity gets its tokens',
  method:
    'Gets a token for the vault and one for Table Storage: in Azure by the app’s managed identity, elsewhere by `az login` or `azd auth login`.',
  needs: ['settings'],
  async examine(examination) {
    const { identity: examiner, commands } = examination
    const scopes = scopesOf(examination)
    for (const scope of scopes) {
      try {
        await examination.principal(scope)
      } catch (fault) {
        const what = `no token for ${resourceOf(scope)} (${asAppError(fault).context.detail})`
        return examiner.isApp
          ? fail(
              `${managedIdentity(examination)} gave ${what}: it is not assigned to this app, or its endpoint is down.`,
              commands.assignIdentity(),
            )
          : fail(`Your own sign-in to Azure gave ${what}.`, commands.signIn())
      }
    }
    const { objectId } = await examination.principal(STORAGE_SCOPE)
    const tokens = `got a token for ${scopes.map(resourceOf).join(' and ')}`
    return examiner.isApp
      ? pass(`${managedIdentity(examination)}, object id ${objectId}, ${tokens}.`)
      : pass(
          `You, object id ${objectId}, ${tokens}.`,
          'The app has another identity, whose rights only the app can show: see the check "public".',
        )
  },
}

/** The scope of the vault's data plane, in whatever cloud it is. */
export function vaultScope(vaultUrl: string): string {
  return `https://${hostOf(vaultUrl).split('.').slice(1).join('.')}/.default`
}

function scopesOf({ signIn, appOnly, config, identity: { isApp } }: Examination): string[] {
  const certificates = [signIn, appOnly].flatMap((client) => client?.certificate ?? [])
  const vaults = certificates.map(({ vault }) => vaultScope(vault.url))
  return [...new Set([...vaults, ...exchangeScope(config, isApp), STORAGE_SCOPE])]
}

/** Only the app's identity stands in for a certificate: whoever else asks would learn nothing. */
function exchangeScope({ credentials }: Config, isApp: boolean): string[] {
  const federated = settingsOf(credentials, 'managed-identity')
  return federated !== undefined && isApp ? [`${federated.audience}/.default`] : []
}

function resourceOf(scope: string): string {
  return scope.replace(/\/\.default$/, '')
}

function managedIdentity({ config: { managedIdentityClientId } }: Examination): string {
  return managedIdentityClientId === undefined
    ? 'The system-assigned managed identity'
    : `The managed identity ${managedIdentityClientId}`
}
