metadata description = 'What wakes somebody up, each with a runbook of its name in docs/operate.md: faults between signature and token by kind, faults of the app by group, a slow or refusing vault, a certificate that runs out, an app that is not ready. The compiler checks the shape of these rules but not the query text, nor whether metric and column names exist.'

@description('Prefix of the names of rules.')
param name string

@description('Azure region.')
param location string

@description('Tags for every resource.')
param tags object

@description('Name of the Log Analytics workspace that the log rules query.')
param workspaceName string

@description('Name of the Application Insights component that receives the availability test.')
param componentName string

@description('Name of the vault.')
param vaultName string

@description('Address that the routes of the app lie below, where the availability test asks for /health/ready.')
param publicUrl string

@description('Addresses that get mail; empty for none.')
param emails string[]

@description('Resource id of an existing action group to notify as well; empty for none. Without either, rules still fire and show in the portal, silently.')
param actionGroupId string

@description('Ask /health/ready from outside every five minutes. Billed by execution.')
param probeReady bool

// Average over a quarter of an hour. Sign-in does not wait for the vault, so this warns long before anyone notices.
var slowVaultMs = 1000
var probeLocations = [
  'emea-nl-ams-azr'
  'emea-gb-db3-azr'
  'us-va-ash-azr'
  'us-ca-sjc-azr'
  'apac-sg-sin-azr'
]
// The web test and its rule both carry the hidden link by which the portal shows them under the component.
var probeTags = union(tags, { 'hidden-link:${component.id}': 'Resource' })

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: vaultName
}

resource operators 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(emails)) {
  name: '${name}-operators'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'Signet'
    emailReceivers: map(emails, address => {
      name: address
      emailAddress: address
      useCommonAlertSchema: true
    })
  }
}

var groups = concat(empty(emails) ? [] : [operators.id], empty(actionGroupId) ? [] : [actionGroupId])
var metricActions = map(groups, group => { actionGroupId: group })

// A setup fault stays until somebody acts, so the first one counts. An upstream one usually heals, and sign-in goes on
// with the assertion in hand, so only a row of them does.
var faultKinds = [
  {
    kind: 'setup'
    severity: 1
    threshold: 0
    description: 'The app may not sign, cannot use its certificate, or signs with one that Entra does not know. The dimension Code names the row of the error table that says what to do.'
  }
  {
    kind: 'upstream'
    severity: 2
    threshold: 10
    description: 'The vault or the managed identity has failed, stalled or throttled again and again. The dimension Code says which.'
  }
]

resource signFaults 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for fault in faultKinds: {
    name: '${name}-sign-faults-${fault.kind}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Signet: ${fault.kind} faults between signature and token'
      description: fault.description
      severity: fault.severity
      enabled: true
      scopes: [workspace.id]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      autoMitigate: true
      // The tables appear with their first record, which a new workspace has not seen.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: loadTextContent('../queries/sign-faults.kql')
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: fault.threshold
            dimensions: [
              { name: 'Kind', operator: 'Include', values: [fault.kind] }
              { name: 'Code', operator: 'Include', values: ['*'] }
            ]
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: groups }
    }
  }
]

// What stays until somebody acts counts at once. A request that Entra rejects can be one stranger's made-up code, and what
// is away for a moment comes back: of these only several do.
var appFaults = [
  {
    group: 'bug'
    severity: 1
    threshold: 0
    description: 'Something happened that nobody foresaw: a person met it, or the hourly sweep.'
  }
  {
    group: 'setup'
    severity: 1
    threshold: 0
    description: 'Something outside the app is set up so that it cannot work: the session table refuses it, discovery names another issuer, an API or the front end is misaddressed.'
  }
  {
    group: 'rejected'
    severity: 1
    threshold: 2
    description: 'Entra rejects what the app asks, again and again: redirect URI, scopes or registration do not fit.'
  }
  {
    group: 'sessions'
    severity: 1
    threshold: 4
    description: 'The session table fails or does not answer: nobody is signed out, and nobody gets further.'
  }
  {
    group: 'entra'
    severity: 2
    threshold: 10
    description: 'Entra fails, throttles or does not answer, or something else answers in its place.'
  }
]

resource appFault 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for fault in appFaults: {
    name: '${name}-app-faults-${fault.group}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Signet: faults of the app (${fault.group})'
      description: '${fault.description} The dimension Code names the row of the error table that says what to do.'
      severity: fault.severity
      enabled: true
      scopes: [workspace.id]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      autoMitigate: true
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: loadTextContent('../queries/app-faults.kql')
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: fault.threshold
            dimensions: [
              { name: 'Group', operator: 'Include', values: [fault.group] }
              { name: 'Code', operator: 'Include', values: ['*'] }
            ]
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: groups }
    }
  }
]

resource certificateNearExpiry 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${name}-certificate-near-expiry'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'Signet: a certificate runs out'
    description: 'The vault says that the current version of a certificate expires within 30 days or has expired: nobody has renewed it. Nothing is broken until it does expire.'
    severity: 1
    enabled: true
    scopes: [workspace.id]
    evaluationFrequency: 'PT1H'
    windowSize: 'PT1H'
    autoMitigate: false
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: loadTextContent('../queries/certificate-near-expiry.kql')
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: groups }
  }
}

// Said once by each instance that finds it, so nobody can tell when it is over: whoever set the clock right closes the alert.
resource clockOff 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${name}-clock-off'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'Signet: the clock of a host is off'
    description: 'The clock of a host is more than half a minute off from Entra\'s. Assertions are dated by Entra\'s clock, so tokens still come; further behind, ID tokens are of the future and sign-ins fail.'
    severity: 2
    enabled: true
    scopes: [workspace.id]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT15M'
    autoMitigate: false
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: loadTextContent('../queries/clock-off.kql')
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          dimensions: [{ name: 'AppRoleInstance', operator: 'Include', values: ['*'] }]
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: groups }
  }
}

resource vaultSlow 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-vault-slow'
  location: 'global'
  tags: tags
  properties: {
    description: 'The vault takes long to answer. Assertions are made ahead of need, so sign-in goes on meanwhile.'
    severity: 2
    enabled: true
    scopes: [vault.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'latency'
          metricNamespace: 'Microsoft.KeyVault/vaults'
          metricName: 'ServiceApiLatency'
          timeAggregation: 'Average'
          operator: 'GreaterThan'
          threshold: slowVaultMs
        }
      ]
    }
    actions: metricActions
  }
}

resource vaultRefuses 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-vault-refuses'
  location: 'global'
  tags: tags
  properties: {
    description: 'The vault answered 403: the app lost its role or its way through the firewall, or somebody else tried. The saved query "Vault refusals" says who.'
    severity: 1
    enabled: true
    scopes: [vault.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'refusals'
          metricNamespace: 'Microsoft.KeyVault/vaults'
          metricName: 'ServiceApiResult'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          dimensions: [{ name: 'StatusCode', operator: 'Include', values: ['403'] }]
        }
      ]
    }
    actions: metricActions
  }
}

resource readyProbe 'Microsoft.Insights/webtests@2022-06-15' = if (probeReady) {
  name: '${name}-ready'
  location: location
  tags: probeTags
  kind: 'standard'
  properties: {
    SyntheticMonitorId: '${name}-ready'
    Name: 'Signet: ready'
    Kind: 'standard'
    Enabled: true
    Frequency: 300
    Timeout: 30
    RetryEnabled: true
    Locations: map(probeLocations, place => { Id: place })
    Request: {
      HttpVerb: 'GET'
      RequestUrl: '${publicUrl}/health/ready'
      FollowRedirects: false
      ParseDependentRequests: false
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 14
    }
  }
}

resource notReady 'Microsoft.Insights/metricAlerts@2018-03-01' = if (probeReady) {
  name: '${name}-not-ready'
  location: 'global'
  tags: probeTags
  properties: {
    description: 'Two places at once could not get a 200 from /health/ready. The query readiness names what was wrong: vault, Entra metadata, session table, or the last token requests.'
    severity: 1
    enabled: true
    scopes: [readyProbe.id, component.id]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: readyProbe.id
      componentId: component.id
      failedLocationCount: 2
    }
    actions: metricActions
  }
}
