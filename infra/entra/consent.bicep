metadata name = 'Signet: consent for the tenant'
metadata description = 'Consent of an administrator to what the sign-in application asks for, so that nobody is asked.'

extension microsoftGraphV1

@description('Object id of the service principal that people sign in with.')
param clientPrincipalId string

@description('Client id of Microsoft Graph.')
param resourceAppId string

@description('Delegated permissions of Microsoft Graph.')
param scopes string[]

@description('Scope of the application itself, which is an API too.')
param ownScope string

resource resource 'Microsoft.Graph/servicePrincipals@v1.0' existing = {
  appId: resourceAppId
}

resource toGraph 'Microsoft.Graph/oauth2PermissionGrants@v1.0' = {
  clientId: clientPrincipalId
  resourceId: resource.id
  consentType: 'AllPrincipals'
  scope: join(scopes, ' ')
}

resource toItself 'Microsoft.Graph/oauth2PermissionGrants@v1.0' = {
  clientId: clientPrincipalId
  resourceId: clientPrincipalId
  consentType: 'AllPrincipals'
  scope: ownScope
}
