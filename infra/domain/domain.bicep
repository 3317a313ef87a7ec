metadata name = 'Signet: a domain of your own'
metadata description = 'Serves the app under a name of yours, with a certificate that the platform obtains and renews. DNS comes first: a CNAME record from the name to the one Azure gave the app, and a TXT record asuid.<name> with the output SIGNET_DOMAIN_VERIFICATION_ID of main.bicep. Only an app that was made with room for certificates of its own can have one, as main.bicep makes it. Not needed where a front door terminates TLS.'

@description('Name of the function app: output AZURE_FUNCTION_APP_NAME of main.bicep.')
param functionAppName string

@description('The name, such as signin.contoso.com.')
param hostName string

@description('Whether the app has this name already, as from the second time on: without, it would be served without TLS for the minute that this takes.')
param isBound bool = false

@description('Azure region of the app.')
param location string = resourceGroup().location

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

// The platform gives a certificate only for a name that the app has.
resource name 'Microsoft.Web/sites/hostNameBindings@2025-03-01' = if (!isBound) {
  parent: app
  name: hostName
  properties: {
    hostNameType: 'Verified'
    customHostNameDnsRecordType: 'CName'
  }
}

resource certificate 'Microsoft.Web/sites/certificates@2025-03-01' = {
  parent: app
  name: replace(hostName, '.', '-')
  location: location
  properties: { canonicalName: hostName }
  dependsOn: [name]
}

module tls 'tls.bicep' = {
  params: {
    functionAppName: functionAppName
    hostName: hostName
    thumbprint: certificate.properties.thumbprint
  }
}
