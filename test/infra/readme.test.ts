/** infra/README.md is what the templates say of themselves. After a change that is meant, `npx vitest run test/infra -u` writes it anew. */
import { readFileSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { bicepPath } from '../support/bicepPath.ts'
import { describeWith } from '../support/describeWith.ts'
import { copyInfra, INFRA } from '../support/infraCopy.ts'
import { infraReadme, type Scenario, type TemplateText } from '../support/infraReadme.ts'
import { openBicep } from '../support/openBicep.ts'
import { parametersOf, SCENARIOS, snapshotOf } from '../support/scenarios.ts'

// The compiler's first answer takes seconds on an idle machine and far longer on a busy one.
vi.setConfig({ testTimeout: 120_000 })
const compilerPath = bicepPath()

const TEMPLATES = [
  ['main.bicep', 'main.parameters.json'],
  ['live/live.bicep', 'live/live.bicepparam'],
  ['entra/entra.bicep', 'entra/entra.bicepparam'],
  ['domain/domain.bicep', undefined],
  ['front-door/front-door.bicep', undefined],
  ['static-web-app/static-web-app.bicep', undefined],
  ['apim/apim.bicep', undefined],
] as const

describeWith(
  {
    'the Bicep compiler (BICEP)': compilerPath,
    'the Graph extension (GRAPH_EXTENSION)': process.env.GRAPH_EXTENSION,
  },
  'infra/README.md',
  () => {
    it('describes every template, its parameters, outputs and scenarios as they are', async () => {
      const bicep = openBicep(compilerPath ?? '')
      const infra = copyInfra()
      const templates: TemplateText[] = []
      for (const [file, parameterFile] of TEMPLATES) {
        const source = readFileSync(infra.path(file), 'utf8')
        const { template: compiled } = await bicep.compile(infra.path(file))
        const text = parameterFile === undefined ? '' : readFileSync(infra.path(parameterFile), 'utf8')
        templates.push({ file, source, compiled, parameterFile: text })
      }
      bicep.close()
      infra.remove()

      await expect(infraReadme(templates, SCENARIOS.map(scenarioOf))).toMatchFileSnapshot(`${INFRA}README.md`)
    })
  },
)

function scenarioOf(name: string): Scenario {
  const parts = [name, `${name}.live`].map((part) => ({
    file: `${part}.bicepparam`,
    text: parametersOf(part),
    resources: snapshotOf(part).predictedResources.length,
  }))
  return { name, parts }
}
