import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

it('importing the guard pulls in jose and the few files it needs, nothing else', async () => {
  const { metafile } = await build({
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
    entryPoints: ['lib/guard/guard.ts'],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
  })

  const inputs = Object.keys(metafile.inputs)
  const packages = inputs.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [])
  expect([...new Set(packages)]).toEqual(['jose'])
  expect(inputs.filter((path) => !/^(node_modules|lib\/guard)\//.test(path)).sort()).toEqual([
    'lib/base/crypto.ts',
    'lib/base/deadline.ts',
    'lib/base/drawRandom.ts',
    'lib/base/epochSeconds.ts',
    'lib/base/exchange.ts',
    'lib/base/fetchAsSent.ts',
    'lib/base/httpRequest.ts',
    'lib/base/logLines.ts',
    'lib/base/plainFetch.ts',
    'lib/base/realEffects.ts',
    'lib/base/refreshing.ts',
    'lib/base/requestTime.ts',
    'lib/base/retryAfter.ts',
    'lib/base/wholeBody.ts',
    'lib/config/issuerTemplate.ts',
    'lib/config/judgeUrl.ts',
    'lib/config/settingText.ts',
    'lib/config/settingsReader.ts',
    'lib/config/urls.ts',
    'lib/entra/boundedFetch.ts',
    'lib/entra/issuer.ts',
    'lib/entra/providerKeys.ts',
    'lib/entra/verifyJws.ts',
    'lib/errors/appError.ts',
    'lib/errors/credentialErrors.ts',
    'lib/errors/entraErrors.ts',
    'lib/errors/faultFacts.ts',
    'lib/errors/graphErrors.ts',
    'lib/errors/requestErrors.ts',
    'lib/errors/rotationErrors.ts',
    'lib/errors/rowKinds.ts',
    'lib/errors/sessionErrors.ts',
    'lib/errors/signInErrors.ts',
    'lib/errors/stackFrames.ts',
    'lib/errors/table.ts',
  ])
})
