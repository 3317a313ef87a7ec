metadata name = 'Signet: API Management guard'
metadata description = 'Adds to an existing API Management service a policy fragment that lets in only clients which proved themselves with a certificate, and, if named, puts it in front of one API. The compiler checks neither the policy nor its C# expressions: API Management does, when this is deployed.'

@description('Name of the API Management service.')
param serviceName string

@description('Tenant whose tokens are accepted.')
param tenantId string = tenant().tenantId

@description('Client id of the API: the audience of its version 2 tokens.')
param apiClientId string

@description('Identifier URI of the API: the audience of its version 1 tokens.')
param apiIdentifierUri string = 'api://${apiClientId}'

@description('Client ids that may call.')
@minLength(1)
param allowedClientIds string[]

@description('API to protect, which gets a policy of its own in place of any it has; empty only makes the fragment, to be included by hand.')
param apiName string = ''

var namedValues = {
  'signet-tenant-id': tenantId
  'signet-api-client-id': apiClientId
  'signet-api-identifier-uri': apiIdentifierUri
  'signet-allowed-clients': join(allowedClientIds, ',')
}

resource service 'Microsoft.ApiManagement/service@2024-05-01' existing = {
  name: serviceName

  resource api 'apis' existing = {
    name: empty(apiName) ? 'none' : apiName
  }
}

resource namedValue 'Microsoft.ApiManagement/service/namedValues@2024-05-01' = [
  for one in items(namedValues): {
    parent: service
    name: one.key
    properties: {
      displayName: one.key
      value: one.value
      secret: false
    }
  }
]

resource fragment 'Microsoft.ApiManagement/service/policyFragments@2024-05-01' = {
  parent: service
  name: 'require-certificate-client'
  properties: {
    description: 'Only clients that proved themselves with a certificate.'
    format: 'xml'
    value: loadTextContent('require-certificate-client.xml')
  }
  dependsOn: [namedValue]
}

resource apiPolicy 'Microsoft.ApiManagement/service/apis/policies@2024-05-01' = if (!empty(apiName)) {
  parent: service::api
  name: 'policy'
  properties: {
    format: 'xml'
    value: loadTextContent('api-policy.xml')
  }
  dependsOn: [fragment]
}

@description('What to include: <include-fragment fragment-id="…" />.')
output fragmentId string = fragment.name
