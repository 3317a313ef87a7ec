metadata description = 'Saved queries for whoever an alert woke up. The compiler carries their text over unread: that tables and columns exist shows only when they run.'

@description('Name of the Log Analytics workspace they are saved in.')
param workspaceName string

var savedQueries = [
  { id: 'sign-faults', title: 'Sign faults by kind', query: loadTextContent('../queries/sign-faults.kql') }
  {
    id: 'app-faults'
    title: 'Faults of the app by group'
    query: loadTextContent('../queries/app-faults.kql')
  }
  {
    id: 'correlation-id'
    title: 'What a correlation id is about'
    query: loadTextContent('../queries/correlation-id.kql')
  }
  {
    id: 'certificate-near-expiry'
    title: 'Certificates that run out'
    query: loadTextContent('../queries/certificate-near-expiry.kql')
  }
  {
    id: 'signatures-by-caller'
    title: 'Signatures by caller'
    query: loadTextContent('../queries/signatures-by-caller.kql')
  }
  { id: 'vault-refusals', title: 'Vault refusals', query: loadTextContent('../queries/vault-refusals.kql') }
  {
    id: 'security-events'
    title: 'Security events'
    query: loadTextContent('../queries/security-events.kql')
  }
  { id: 'clock-off', title: 'Clocks that are off', query: loadTextContent('../queries/clock-off.kql') }
  { id: 'readiness', title: 'Why it was not ready', query: loadTextContent('../queries/readiness.kql') }
  {
    id: 'sessions-of-a-person'
    title: 'Sessions that began and ended'
    query: loadTextContent('../queries/sessions-of-a-person.kql')
  }
  {
    id: 'bound-sessions'
    title: 'Sessions bound to their device'
    query: loadTextContent('../queries/bound-sessions.kql')
  }
]

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource query 'Microsoft.OperationalInsights/workspaces/savedSearches@2025-07-01' = [
  for saved in savedQueries: {
    parent: workspace
    name: saved.id
    properties: {
      category: 'Signet'
      displayName: saved.title
      query: saved.query
      version: 2
    }
  }
]
