metadata description = 'The one identity the function app runs as. User-assigned, so that its roles exist before the app starts and survive the app being recreated, and because only a user-assigned identity can stand in as a federated credential.'

@description('Name of the user-assigned managed identity.')
param name string

@description('Azure region.')
param location string

@description('Tags for every resource.')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Object id of the service principal: the principal of every role assignment, and the subject of the federated credential.')
output principalId string = identity.properties.principalId

@description('Client id by which the app picks this identity (AZURE_CLIENT_ID).')
output clientId string = identity.properties.clientId
