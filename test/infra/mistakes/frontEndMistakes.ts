import type { Mistake } from './mistake.ts'

const DOOR = 'front-door/front-door.bicep'
const SITE = 'static-web-app/static-web-app.bicep'

/** Mistakes in the storage account of the front end, and in the app that only its Front Door may reach. */
export const FRONT_END_MISTAKES: readonly Mistake[] = [
  {
    what: 'the files of the front end may be written with a key',
    file: 'modules/frontEnd.bicep',
    right: 'allowSharedKeyAccess: false',
    wrong: 'allowSharedKeyAccess: true',
    finding: /stweb\w+: properties\.allowSharedKeyAccess is true/,
  },
  {
    what: 'whoever deploys may do more to the front end than write files',
    file: 'modules/roles.bicep',
    right: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
    wrong: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
    finding: /not allowed: deployer: Storage Blob Data Owner on front-end account/,
  },
  {
    what: 'the website has no way in for the app that is closed to the internet',
    file: 'modules/network.bicep',
    right: "service: 'web', zone: 3",
    wrong: "service: 'blob', zone: 1",
    finding: /stweb\w+ has no private endpoint for web/,
  },
  {
    what: 'the app takes requests of any Front Door',
    file: 'modules/functionApp.bicep',
    right: "              headers: { 'x-azure-fdid': [frontDoorId] }\n",
    wrong: '',
    finding: /takes requests of any Front Door/,
  },
  {
    what: 'the app behind Front Door stays open to everybody else',
    file: 'modules/functionApp.bicep',
    right: "empty(frontDoorId) ? null : 'Deny'",
    wrong: "empty(frontDoorId) ? null : 'Allow'",
    finding: /ipSecurityRestrictionsDefaultAction is "Allow"/,
  },
]

/** Mistakes in Front Door. */
export const FRONT_DOOR_MISTAKES: readonly Mistake[] = [
  {
    what: 'a route of the app goes to the front end',
    file: DOOR,
    right: "'/health/*', ",
    wrong: '',
    finding: /\/health\/ready goes to the front end/,
  },
  {
    what: 'answers of the app are kept',
    file: DOOR,
    right: '        // Without cacheConfiguration: no answer of the app is kept here.\n',
    wrong: "        cacheConfiguration: { queryStringCachingBehavior: 'UseQueryString' }\n",
    finding: /keeps answers of the app/,
  },
  {
    what: 'the front end gets the cookie of the session',
    file: DOOR,
    right: "for header in ['Cookie', 'Authorization']",
    wrong: "for header in ['Authorization']",
    finding: /the front end gets Cookie/,
  },
  {
    what: 'the firewall only looks on',
    file: DOOR,
    right: "mode: 'Prevention'",
    wrong: "mode: 'Detection'",
    finding: /mode is "Detection"/,
  },
  {
    what: 'what a header held is written down',
    file: DOOR,
    right: "state: 'Enabled'\n        scrubbingRules",
    wrong: "state: 'Disabled'\n        scrubbingRules",
    finding: /logScrubbing\.state is "Disabled"/,
  },
  {
    what: 'callbacks are not counted',
    file: DOOR,
    right: "matchValue: ['/auth/callback']",
    wrong: "matchValue: ['/callback']",
    finding: /callbacks are not counted/,
  },
  {
    what: 'a body that the app takes is refused',
    file: DOOR,
    right: 'param longestBody int = 12582912',
    wrong: 'param longestBody int = 1258291',
    finding: /bodies of 1258291 bytes are refused/,
  },
  {
    what: 'a cookie of a neighbour is refused instead of taken away',
    file: DOOR,
    right: "  'Authorization'\n  'Content-Type'",
    wrong: "  'Cookie'\n  'Content-Type'",
    finding: /refused instead of taken away/,
  },
  {
    what: 'the origin may show any certificate',
    file: DOOR,
    right:
      'originHostHeader: frontEndHostName\n        httpsPort: 443\n        enforceCertificateNameCheck: true',
    wrong:
      'originHostHeader: frontEndHostName\n        httpsPort: 443\n        enforceCertificateNameCheck: false',
    finding: /enforceCertificateNameCheck is false/,
  },
]

/** Mistakes in a static web app. */
export const STATIC_WEB_APP_MISTAKES: readonly Mistake[] = [
  {
    what: 'a plan that has no backend of its own',
    file: SITE,
    right: "name: 'Standard', tier: 'Standard'",
    wrong: "name: 'Free', tier: 'Free'",
    finding: /sku\.name is "Free"/,
  },
  {
    what: 'every pull request makes an origin without a backend',
    file: SITE,
    right: "stagingEnvironmentPolicy: 'Disabled'",
    wrong: "stagingEnvironmentPolicy: 'Enabled'",
    finding: /stagingEnvironmentPolicy is "Enabled"/,
  },
  {
    what: 'the link names the region of the static web app',
    file: SITE,
    right: 'region: functionAppLocation',
    wrong: 'region: location',
    finding: /properties\.region is "westeurope"/,
  },
]
