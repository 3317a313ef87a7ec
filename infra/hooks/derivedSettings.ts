/** Settings that nobody has to choose, as they follow from the deployment. Pure: the same again gives the same. */
import { type Deployment, requireValue } from './deployment.ts'

/** Where people reach the app and which tenant they are of. */
export function derivedSettings(deployment: Pick<Deployment, 'env'>): {
  readonly PUBLIC_URL: string
  readonly ENTRA_TENANT_ID: string
} {
  const { env } = deployment
  return {
    PUBLIC_URL: env.PUBLIC_URL || requireValue(deployment, 'SIGNET_APP_URL'),
    ENTRA_TENANT_ID: env.ENTRA_TENANT_ID || requireValue(deployment, 'AZURE_TENANT_ID'),
  }
}

/** Which tenant the app itself acts in, where people of several tenants sign in: the one that its client is registered in. */
export function actingTenant(
  deployment: Pick<Deployment, 'env'>,
  appOnlyClientId: string | undefined,
): { readonly APP_ONLY_TENANT_ID?: string } {
  const { env } = deployment
  if (env.ENTRA_TENANT_ID !== 'organizations' || !appOnlyClientId) return {}
  return { APP_ONLY_TENANT_ID: env.APP_ONLY_TENANT_ID || requireValue(deployment, 'AZURE_TENANT_ID') }
}
