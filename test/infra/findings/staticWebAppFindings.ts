import { at, differences, ofType, type Prediction } from '../../support/prediction.ts'

/** A static web app of the plan that can have a backend is linked to the app, in the app's own region, and has no second origin. */
export function staticWebAppFindings(prediction: Prediction, functionApp: string, region: string): string[] {
  const sites = ofType(prediction, 'Microsoft.Web/staticSites')
  const backends = ofType(prediction, 'Microsoft.Web/staticSites/linkedBackends')
  return [
    ...(sites.length === 1 && backends.length === 1
      ? []
      : [`${sites.length} sites with ${backends.length} backends`]),
    ...sites.flatMap((site) =>
      differences(site, { 'sku.name': 'Standard', 'properties.stagingEnvironmentPolicy': 'Disabled' }),
    ),
    ...backends.flatMap((backend) => [
      ...(String(at(backend, 'properties.backendResourceId')).endsWith(`/Microsoft.Web/sites/${functionApp}`)
        ? []
        : ['the backend is another']),
      ...differences(backend, { 'properties.region': region }),
    ]),
  ]
}
