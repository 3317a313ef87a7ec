import { at, ofType, type Prediction } from '../../support/prediction.ts'

/** A name of one's own is certified after the app has it, by a certificate of the app itself, and ends up with TLS. */
export function domainFindings({ predictedResources }: Prediction, hostName: string): string[] {
  const kinds = predictedResources.map(({ type }) => type.split('/').at(-1))
  const bindings = ofType({ predictedResources }, 'Microsoft.Web/sites/hostNameBindings')
  const certificates = ofType({ predictedResources }, 'Microsoft.Web/sites/certificates')
  const last = bindings.at(-1)
  return [
    ...(kinds.at(-1) === 'hostNameBindings'
      ? []
      : ['the certificate is asked for last, and used by nothing']),
    ...(at(last, 'properties.sslState') === 'SniEnabled' ? [] : [`${hostName} is left without TLS`]),
    ...(String(at(last, 'properties.thumbprint')).includes('/certificates/')
      ? []
      : [`${hostName} is served with a certificate from elsewhere`]),
    ...(certificates.length === 1 ? [] : [`${certificates.length} certificates of the app`]),
    ...[...bindings.map(({ name }) => name?.split('/')[1]), at(certificates[0], 'properties.canonicalName')]
      .filter((name) => name !== hostName)
      .map((name) => `a part is for ${name}`),
  ]
}
