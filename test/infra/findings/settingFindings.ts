/**
 * The settings that are deployed and those that the app reads, held against each other: a name on one side only is a finding, and
 * so is anything that the app would refuse to start with.
 */
import { readConfig } from '../../../lib/config/config.ts'
import { SETTINGS } from '../../../lib/config/settings.ts'
import { AppError } from '../../../lib/errors/appError.ts'
import { LONGEST_BODY } from '../../../lib/http/requestBody.ts'
import { HOST_SETTINGS } from '../../../local/hostSettings.ts'
import { deployed } from '../../support/deployed.ts'
import type { PredictedResource, Prediction } from '../../support/prediction.ts'

/** Settings for the Functions host and its telemetry. */
const PLATFORM =
  /^(AzureWebJobsStorage__(accountName|blobServiceUri|credential|clientId)|AzureWebJobsDisableHomepage|FUNCTIONS_REQUEST_BODY_SIZE_LIMIT|APPLICATIONINSIGHTS_(CONNECTION|AUTHENTICATION)_STRING)$/

/** Settings that are deliberately not deployed, with the reason. */
export const NOT_DEPLOYED: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['TPM_CERTIFICATE', 'TPM_HANDLE', 'TPM_TCTI', 'TPM_AUTH_FILE', 'TPM_PCRS'].map((name) => [
      name,
      'a TPM is the host’s own, and Functions Flex shows none',
    ]),
  ),
  PEM_FILE: 'a key in a file is for development',
}

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
    ...hostFindings(settings),
    ...refusals(settings),
  ]
}

/** What the host is told is what it is told on a desk, and fits what the app itself takes. */
function hostFindings(settings: Readonly<Record<string, unknown>>): string[] {
  const limit = Number(settings.FUNCTIONS_REQUEST_BODY_SIZE_LIMIT)
  return [
    ...(Number.isInteger(limit) ? [] : ['the host takes bodies of 100 MB from anybody']),
    ...(limit <= LONGEST_BODY ? ['the host takes less than the app passes on to an API'] : []),
    ...Object.entries(HOST_SETTINGS)
      .filter(([name, value]) => settings[name] !== value)
      .map(([name, value]) => `the host is told ${name} ${settings[name]}, and ${value} on a desk`),
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
