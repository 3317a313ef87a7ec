/**
 * The real compiler over every template: clean, in its own layout, described, and predicting what the snapshots beside the
 * parameter files show. After a change that is meant, `npx vitest run test/infra -u` writes them anew.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { bicepPath } from '../support/bicepPath.ts'
import { describeWith } from '../support/describeWith.ts'
import { copyInfra, INFRA, type InfraCopy } from '../support/infraCopy.ts'
import { type Bicep, openBicep } from '../support/openBicep.ts'
import { groupOf, PARAMETER_FILES } from '../support/scenarios.ts'

const everyFile = readdirSync(INFRA, { recursive: true, encoding: 'utf8' })
const templates = everyFile.filter((file) => file.endsWith('.bicep'))
const parameterFiles = everyFile.filter((file) => file.endsWith('.bicepparam'))
const needsGraph = (file: string): boolean => file.includes('entra')
// The compiler's first answer takes seconds on an idle machine and far longer on a busy one.
vi.setConfig({ testTimeout: 120_000 })
const compilerPath = bicepPath()

let bicep: Bicep
let infra: InfraCopy

describeWith({ 'the Bicep compiler (BICEP)': compilerPath }, 'templates', () => {
  beforeAll(() => {
    bicep = openBicep(compilerPath ?? '')
    infra = copyInfra()
  })
  afterAll(() => {
    bicep.close()
    infra.remove()
  })

  it.each(templates.filter((file) => !needsGraph(file)))('%s compiles without a warning', async (file) => {
    expect((await bicep.compile(infra.path(file))).diagnostics).toEqual([])
  })

  it.each([...templates, ...parameterFiles])('%s is in the layout of the compiler', async (file) => {
    expect(readFileSync(infra.path(file), 'utf8')).toBe(await bicep.format(infra.path(file)))
  })

  it.each(templates)('%s describes all that it takes and gives', async (file) => {
    const { parameters, outputs } = await bicep.describe(infra.path(file))
    const silent = [...parameters, ...outputs].filter(({ description }) => !description?.endsWith('.'))
    expect(silent.map(({ name }) => name)).toEqual([])
  })

  it.each(PARAMETER_FILES.filter((name) => !needsGraph(name)))(
    'the snapshot of %s shows what would be deployed',
    async (name) => {
      const predicted = await bicep.snapshot(infra.path(`params/${name}.bicepparam`), groupOf(name))
      await expect(inOrder(predicted)).toMatchFileSnapshot(`${INFRA}params/${name}.snapshot.json`)
    },
  )

  describeWith(
    { 'the Graph extension (GRAPH_EXTENSION)': process.env.GRAPH_EXTENSION },
    'registrations',
    () => {
      it.each(templates.filter(needsGraph))(
        '%s compiles without a warning against the types of the Graph extension',
        async (file) => {
          expect((await bicep.compile(infra.path(file))).diagnostics).toEqual([])
        },
      )

      it('the snapshot of entra shows what would be registered', async () => {
        const predicted = await bicep.snapshot(infra.path('params/entra.bicepparam'), groupOf('entra'))
        await expect(inOrder(predicted)).toMatchFileSnapshot(`${INFRA}params/entra.snapshot.json`)
      })
    },
  )
})

/** The compiler gives outputs in any order. */
function inOrder(snapshot: string): string {
  const { outputs, ...rest } = JSON.parse(snapshot) as { outputs: Record<string, unknown> }
  const sorted = Object.fromEntries(Object.entries(outputs).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return `${JSON.stringify({ ...rest, outputs: sorted }, undefined, 2)}\n`
}
