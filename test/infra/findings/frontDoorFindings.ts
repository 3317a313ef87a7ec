import { LONGEST_BODY } from '../../../lib/http/requestBody.ts'
import {
  at,
  differences,
  listAt,
  ofType,
  type PredictedResource,
  type Prediction,
} from '../../support/prediction.ts'

const ROUTES = 'Microsoft.Cdn/profiles/afdEndpoints/routes'
const SAFE_ROUTE = {
  'properties.httpsRedirect': 'Enabled',
  'properties.forwardingProtocol': 'HttpsOnly',
} as const

/**
 * Each route of the app goes to the app and is kept nowhere, everything else to the front end, without a credential; what the app
 * cannot refuse is refused, and no matched value is written down. `routes` are the app's, below its `basePath`.
 */
export function frontDoorFindings(
  prediction: Prediction,
  routes: readonly string[],
  basePath = '',
): string[] {
  const [toSignet, toFrontEnd] = ['signet', 'front-end'].map((name) =>
    ofType(prediction, ROUTES).find((route) => route.name?.endsWith(`/${name}`)),
  )
  const patterns = listAt(toSignet, 'properties.patternsToMatch').map(String)
  const own = routes.filter((route) => !/^\/(\{.*)?$/.test(route)).map((route) => `${basePath}${route}`)
  return [
    ...own
      .filter((route) => !patterns.some((one) => matches(one, route)))
      .map((one) => `${one} goes to the front end`),
    ...(patterns.some((one) => matches(one, '/app.js')) ? ['the front end is asked for at Signet'] : []),
    ...(at(toSignet, 'properties.cacheConfiguration') == null ? [] : ['Front Door keeps answers of the app']),
    ...[toSignet, toFrontEnd].flatMap((route) =>
      route === undefined ? ['a route is missing'] : differences(route, SAFE_ROUTE),
    ),
    ...originFindings(prediction),
    ...headerFindings(prediction),
    ...firewallFindings(prediction),
  ]
}

function matches(pattern: string, path: string): boolean {
  return pattern.endsWith('/*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern
}

function originFindings(prediction: Prediction): string[] {
  const origins = ofType(prediction, 'Microsoft.Cdn/profiles/originGroups/origins')
  return [
    ...(origins.length === 2 ? [] : [`${origins.length} origins`]),
    ...origins.flatMap((origin) => differences(origin, { 'properties.enforceCertificateNameCheck': true })),
    ...origins
      .filter((origin) => at(origin, 'properties.hostName') !== at(origin, 'properties.originHostHeader'))
      .map(({ name }) => `${name} is asked under another name than its own`),
  ]
}

/** By rule: the headers that it takes away. */
function headerFindings(prediction: Prediction): string[] {
  const taken = (rule: string, kind: string): unknown[] =>
    ofType(prediction, 'Microsoft.Cdn/profiles/ruleSets/rules')
      .filter(({ name }) => name?.endsWith(`/${rule}`))
      .flatMap((one) => listAt(one, 'properties.actions'))
      .filter((action) => at(action, 'name') === kind && at(action, 'parameters.headerAction') === 'Delete')
      .map((action) => at(action, 'parameters.headerName'))
  return [
    ...['Cookie', 'Authorization']
      .filter((header) => !taken('noCredentials', 'ModifyRequestHeader').includes(header))
      .map((header) => `the front end gets ${header}`),
    ...(taken('headers', 'ModifyResponseHeader').includes('Set-Cookie')
      ? []
      : ['the front end may set cookies']),
    ...(taken('plainCookie', 'ModifyRequestHeader').includes('Cookie')
      ? []
      : ['a cookie of a neighbour locks a person out']),
  ]
}

function firewallFindings(prediction: Prediction): string[] {
  const [firewall] = ofType(prediction, 'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies')
  const [profile] = ofType(prediction, 'Microsoft.Cdn/profiles')
  const [policy] = ofType(prediction, 'Microsoft.Cdn/profiles/securityPolicies')
  if (firewall === undefined) return ['no firewall']
  const rules = listAt(firewall, 'properties.customRules.rules')
  const scrubbed = listAt(firewall, 'properties.policySettings.logScrubbing.scrubbingRules').map((one) =>
    at(one, 'matchVariable'),
  )
  const priorities = rules.map((rule) => at(rule, 'priority'))
  return [
    ...differences(firewall, {
      'properties.policySettings.enabledState': 'Enabled',
      'properties.policySettings.mode': 'Prevention',
      'properties.policySettings.logScrubbing.state': 'Enabled',
      'sku.name': at(profile, 'sku.name'),
    }),
    ...(at(policy, 'properties.parameters.wafPolicy.id') === firewall.id
      ? []
      : ['the firewall guards nothing']),
    ...(scrubbed.includes('RequestHeaderNames') ? [] : ['the firewall writes headers down']),
    ...(new Set(priorities).size === rules.length ? [] : ['two rules have one priority']),
    ...rules
      .filter((rule) => at(rule, 'action') !== 'Block')
      .map((rule) => `${at(rule, 'name')} only looks on`),
    ...ruleFindings(rules),
    ...tierFindings(prediction, profile),
  ]
}

function ruleFindings(rules: readonly unknown[]): string[] {
  const condition = (name: string): unknown =>
    listAt(
      rules.find((rule) => at(rule, 'name') === name),
      'matchConditions',
    )[0]
  const flood = rules.find((rule) => at(rule, 'name') === 'floodOfCallbacks')
  const limit = Number(listAt(condition('longBody'), 'matchValue')[0])
  const plain = rules.filter((rule) => String(at(rule, 'name')).startsWith('plain'))
  return [
    ...(at(flood, 'ruleType') === 'RateLimitRule' &&
    listAt(condition('floodOfCallbacks'), 'matchValue')[0] === '/auth/callback'
      ? []
      : ['callbacks are not counted']),
    ...(limit > LONGEST_BODY ? [] : [`bodies of ${limit} bytes are refused, which the app takes`]),
    ...(limit === 12_582_912 ? [] : ['Front Door and the host have different limits for a body']),
    ...(plain.length > 0 ? [] : ['no header is looked at']),
    ...plain.flatMap((rule) => {
      const [one] = listAt(rule, 'matchConditions')
      const pattern = new RegExp(String(listAt(one, 'matchValue')[0]))
      return pattern.test('caf\u00e9 \u{1f36a}') && !pattern.test('Mozilla/5.0 (X11; q="1", *)')
        ? []
        : [`${at(rule, 'name')} is wrong about a value`]
    }),
    ...plain
      .filter((rule) => at(listAt(rule, 'matchConditions')[0], 'selector') === 'Cookie')
      .map(() => 'a cookie of a neighbour is refused instead of taken away'),
  ]
}

/** Private link is of Premium alone. */
function tierFindings(prediction: Prediction, profile: PredictedResource | undefined): string[] {
  const linked = ofType(prediction, 'Microsoft.Cdn/profiles/originGroups/origins').filter(
    (origin) => at(origin, 'properties.sharedPrivateLinkResource') != null,
  )
  return linked.length > 0 && at(profile, 'sku.name') !== 'Premium_AzureFrontDoor'
    ? ['private link without Premium']
    : []
}
