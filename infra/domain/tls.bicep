metadata description = 'Has the app speak TLS under a name it has. A template of its own, because one template cannot write the same name twice.'

@description('Name of the function app.')
param functionAppName string

@description('The name.')
param hostName string

@description('Thumbprint of the certificate for it.')
param thumbprint string

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

resource name 'Microsoft.Web/sites/hostNameBindings@2025-03-01' = {
  parent: app
  name: hostName
  properties: {
    hostNameType: 'Verified'
    customHostNameDnsRecordType: 'CName'
    sslState: 'SniEnabled'
    thumbprint: thumbprint
  }
}
