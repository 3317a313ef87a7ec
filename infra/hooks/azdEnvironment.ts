/** Values that later steps read from the environment azd keeps. */
import { type Deployment, requireValue } from './deployment.ts'
import { HookFault } from './hookFault.ts'

/** Writes those values that differ from what is there; says whether any did. */
export async function rememberValues(
  deployment: Deployment,
  values: Readonly<Record<string, string>>,
): Promise<boolean> {
  const environment = requireValue(deployment, 'AZURE_ENV_NAME')
  const changed = Object.entries(values).filter(([name, value]) => (deployment.env[name] ?? '') !== value)
  for (const [name, value] of changed) {
    const { code, stderr } = await deployment.run('azd', [
      'env',
      'set',
      name,
      value,
      '--environment',
      environment,
    ])
    if (code !== 0) {
      throw new HookFault(`azd could not keep ${name}: ${stderr.trim()}`, [`azd env set ${name} ${value}`])
    }
  }
  return changed.length > 0
}
