import { at, ofType, type Prediction } from '../../support/prediction.ts'

/** Has a region and takes no tags. */
const UNTAGGED = 'Microsoft.Web/sites/basicPublishingCredentialsPolicies'

/** azd finds its environment by one tag, on everything that takes tags, and the service to deploy by another, on the app. */
export function tagFindings(prediction: Prediction): string[] {
  const [group] = ofType(prediction, 'Microsoft.Resources/resourceGroups')
  const environment = at(group, 'tags.azd-env-name')
  const [site] = ofType(prediction, 'Microsoft.Web/sites')
  const service = at(site, 'tags.azd-service-name')
  return [
    ...(typeof environment === 'string' ? [] : ['the resource group has no tag azd-env-name']),
    ...prediction.predictedResources
      .filter(({ type, location }) => type !== UNTAGGED && location !== undefined)
      .filter(({ tags }) => tags?.['azd-env-name'] !== environment)
      .map(({ type, name }) => `${type} ${name} lacks the tag azd-env-name`),
    ...(service === 'app' ? [] : [`the function app is tagged as service ${service}`]),
  ]
}
