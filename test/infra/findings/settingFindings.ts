/**
 * The settings that are deployed and those that the app reads, held against each other: a name on one side only is a finding, and
 * so is anything that the app would refuse to start with.
 */
import { readConfig } from '../../../lib/config/config.ts'
import { SETTINGS } from '../../../lib/config/settings.ts'
import { AppError } from '../../../lib/errors/appError.ts'
import { deployed } from '../../support/deployed.ts'
import type { PredictedResource, Prediction } from '../../support/prediction.ts'

/** Settings for the Functions host and its telemetry. */
const PLATFORM =
  /^(AzureWebJobsStorage__(accountName|blobServiceUri|credential|clientId)|APPLICATIONINSIGHTS_(CONNECTION|AUTHENTICATION)_STRING)$/

/** Settings that are deliberately not deployed, with the reason. */
export const NOT_DEPLOYED: Readonly<Record<string, string>> = {}

/** `complete`: the parameters give every setting, so that each the app reads has to be there. */
export function settingFindings(prediction: Prediction, complete: boolean): string[] {
  const settings = deployedSettings(prediction)
  if (settings === undefined) return ['no settings']
  const read: readonly string[] = SETTINGS.map(({ name }) => name)
  const given = Object.keys(settings).filter((name) => !PLATFORM.test(name))
  return [
    ...given
      .filter((name) => !read.includes(name))
      .map((name) => `${name} is deployed, and the app does not read it`),
    ...read
      .filter((name) => complete && !given.includes(name) && !(name in NOT_DEPLOYED))
      .map((name) => `${name} is read by the app, and not deployed`),
    ...refusals(settings),
  ]
}

/** The settings of the one function app, without what only the host reads. */
export function deployedSettings({
  predictedResources,
}: Prediction): Readonly<Record<string, unknown>> | undefined {
  const isSettings = ({ type, name }: PredictedResource): boolean =>
    type === 'Microsoft.Web/sites/config' && name?.endsWith('/appsettings') === true
  return predictedResources.find(isSettings)?.properties as Readonly<Record<string, unknown>> | undefined
}

/** What the app says at its start in Azure. */
function refusals(settings: Readonly<Record<string, unknown>>): string[] {
  const own = Object.entries(settings).filter(([name]) => !PLATFORM.test(name))
  try {
    readConfig(Object.fromEntries(own.map(([name, value]) => [name, deployed(value)])))
    return []
  } catch (fault) {
    if (fault instanceof AppError) return [`the app does not start: ${fault.context.detail}`]
    return [`a setting holds what nobody can know beforehand: ${fault}`]
  }
}
