import type { Mistake } from './mistake.ts'

const APP = 'modules/functionApp.bicep'

/** Mistakes in the app, what stands around it and what watches it. */
export const APP_MISTAKES: readonly Mistake[] = [
  {
    what: 'an assignment names the wrong kind of principal',
    file: 'modules/monitoring.bicep',
    right: "principalType: 'ServicePrincipal'",
    wrong: "principalType: 'User'",
    finding: /calls the app's identity a User/,
  },
  {
    what: 'telemetry takes an instrumentation key',
    file: 'modules/monitoring.bicep',
    right: 'DisableLocalAuth: true',
    wrong: 'DisableLocalAuth: false',
    finding: /DisableLocalAuth is false/,
  },
  {
    what: 'the app answers http',
    file: APP,
    right: 'httpsOnly: true',
    wrong: 'httpsOnly: false',
    finding: /httpsOnly is false/,
  },
  {
    what: 'the host approves another origin',
    file: APP,
    right: '      http20Enabled: true\n',
    wrong: "      http20Enabled: true\n      cors: { allowedOrigins: ['https://portal.azure.com'] }\n",
    finding: /approves other origins/,
  },
  {
    what: 'a publishing password is left on',
    file: APP,
    right: 'properties: { allow: false }\n  }\n}',
    wrong: 'properties: { allow: true }\n  }\n}',
    finding: /takes a password for scm/,
  },
  {
    what: 'the app is made without room for a certificate of its own domain',
    file: APP,
    right: '    siteScopedCertificatesEnabled: true\n',
    wrong: '',
    finding: /siteScopedCertificatesEnabled is undefined/,
  },
  {
    what: 'the word on passwords names no region',
    file: APP,
    right:
      "    name: 'ftp'\n    // The platform refuses the request without it; the compiler's types do not know it.\n    #disable-next-line BCP187\n    location: location\n",
    wrong: "    name: 'ftp'\n",
    finding: /ftp is in undefined, not in westeurope/,
  },
  {
    what: 'what leaves the app may go around the network',
    file: APP,
    right: '{ allTraffic: true }',
    wrong: '{ allTraffic: false }',
    finding: /need not leave by the fixed address/,
  },
  {
    what: 'the tag of the service is missing',
    file: APP,
    right: "union(tags, { 'azd-service-name': serviceName })",
    wrong: 'tags',
    finding: /tagged as service undefined/,
  },
  {
    what: 'the host cannot reach the tables of its account',
    file: 'modules/network.bicep',
    right: "  { name: 'host-table', targetId: hostAccount.id, service: 'table', zone: 2 }\n",
    wrong: '',
    finding: /sthost\w+ has no private endpoint for table/,
  },
  {
    what: 'an endpoint is answered for by the zone of another service',
    file: 'modules/network.bicep',
    right: "targetId: hostAccount.id, service: 'blob', zone: 1",
    wrong: "targetId: hostAccount.id, service: 'blob', zone: 2",
    finding: /sthost\w+ has no private endpoint for blob/,
  },
  {
    what: 'the subnet cannot hold function instances',
    file: 'modules/network.bicep',
    right: "serviceName: 'Microsoft.App/environments'",
    wrong: "serviceName: 'Microsoft.Web/serverFarms'",
    finding: /not delegated to Flex Consumption/,
  },
  {
    what: 'a resource has no environment tag',
    file: 'modules/identity.bicep',
    right: '  tags: tags\n',
    wrong: '  tags: {}\n',
    finding: /userAssignedIdentities .* lacks the tag azd-env-name/,
  },
  {
    what: 'the probe asks where nothing answers',
    file: 'modules/alerts.bicep',
    right: "'${publicUrl}/health/ready'",
    wrong: "'${publicUrl}/healthz'",
    finding: /no route answers the probe/,
  },
]
