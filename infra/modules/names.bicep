// What everything is called. Two templates, deployed one after the other, find the same things by it.

@export()
@description('Names of the resources of an environment.')
type resourceNames = {
  @description('Application Insights component.')
  component: string

  @description('Storage account of the front end.')
  frontEndAccount: string

  @description('Function app.')
  functionApp: string

  @description('Storage account of the Functions host.')
  hostAccount: string

  @description('Managed identity of the app.')
  identity: string

  @description('Virtual network.')
  network: string

  @description('Plan of the function app.')
  plan: string

  @description('Beginning of the names of alerts.')
  rules: string

  @description('Storage account of the session rows.')
  sessionAccount: string

  @description('Key vault.')
  vault: string

  @description('Log Analytics workspace.')
  workspace: string
}

@export()
@description('The names, from thirteen characters that subscription, environment and region decide.')
func namesOf(token string) resourceNames => {
  component: 'appi-${token}'
  frontEndAccount: 'stweb${token}'
  functionApp: 'func-${token}'
  hostAccount: 'sthost${token}'
  identity: 'id-${token}'
  network: 'vnet-${token}'
  plan: 'plan-${token}'
  rules: 'signet-${token}'
  sessionAccount: 'stsess${token}'
  vault: 'kv-${token}'
  workspace: 'log-${token}'
}
