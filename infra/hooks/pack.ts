/** The package that azd uploads: made here and not by the platform, so that what was tested is what runs. */
import { access } from 'node:fs/promises'
import type { Deployment } from './deployment.ts'
import { HookFault } from './hookFault.ts'

/** `dist` of the service in azure.yaml. */
const PACKAGE = 'dist/signet.zip'

export async function pack({ run, say }: Pick<Deployment, 'run' | 'say'>): Promise<void> {
  const { code, stdout, stderr } = await run('npm', ['run', '--silent', 'package', '--', '--zip-only'])
  say(`${stdout}${stderr}`.trim())
  if (code !== 0) throw new HookFault('The package could not be made.', ['npm ci && npm run package'])
  await access(PACKAGE).catch((cause: unknown) => {
    throw new HookFault(`npm run package left no ${PACKAGE}.`, ['npm ci && npm run package'], { cause })
  })
}
