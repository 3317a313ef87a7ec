/** The named ways to deploy: parameter files of both templates, and what the compiler predicts for them, which lies beside them. */
import { readdirSync, readFileSync } from 'node:fs'
import { INFRA } from './infraCopy.ts'
import { type Prediction, parsePrediction } from './prediction.ts'

const PARAMS = `${INFRA}params/`

/** Parameter files by name, such as `defaults`, `defaults.live` and `entra`. */
export const PARAMETER_FILES: readonly string[] = readdirSync(PARAMS)
  .filter((file) => file.endsWith('.bicepparam'))
  .map((file) => file.replace('.bicepparam', ''))
/** Those with a live part, the plainest first. */
export const SCENARIOS: readonly string[] = PARAMETER_FILES.filter((name) =>
  PARAMETER_FILES.includes(`${name}.live`),
).toSorted((a, b) => Number(b === 'defaults') - Number(a === 'defaults'))

/** The text of a parameter file. */
export function parametersOf(name: string): string {
  return readFileSync(`${PARAMS}${name}.bicepparam`, 'utf8')
}

/** The resource group that a parameter file deploys into: the live part into the one that the other made, which itself goes into none. */
export function groupOf(name: string): string | undefined {
  return parametersOf(name).startsWith("using '../main.bicep'") ? undefined : madeBy(name)
}

function madeBy(name: string): string {
  const text = parametersOf(name.replace('.live', ''))
  const value = (parameter: string): string | undefined =>
    new RegExp(`^param ${parameter} = '([^']*)'`, 'm').exec(text)?.[1]
  return value('resourceGroupName') ?? `rg-${value('environmentName') ?? 'example'}`
}

/** What was predicted for one parameter file. */
export function snapshotOf(name: string): Prediction {
  return parsePrediction(readFileSync(`${PARAMS}${name}.snapshot.json`, 'utf8'))
}

/** Both parts of a scenario as one. */
export function join(resources: Prediction, live: Prediction): Prediction {
  return { predictedResources: [...resources.predictedResources, ...live.predictedResources] }
}

/** What was predicted for a scenario. */
export function predictionOf(name: string): Prediction {
  return join(snapshotOf(name), snapshotOf(`${name}.live`))
}
