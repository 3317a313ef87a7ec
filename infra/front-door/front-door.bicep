metadata name = 'Signet: behind Front Door'
metadata description = 'One origin for two servers: Azure Front Door sends the routes of Signet to the function app and everything else to whoever has the files of the front end, and refuses what the app cannot refuse by itself. Deployed after main.bicep; its output SIGNET_FRONT_DOOR_ID, given to main.bicep, makes the app refuse everybody else.'

@description('Name of the function app: output AZURE_FUNCTION_APP_NAME of main.bicep.')
param functionAppName string

@description('Host that has the files of the front end, such as that of a static website.')
param frontEndHostName string

@description('Beginning of the names of what is made here.')
@minLength(1)
@maxLength(40)
param name string = 'afd-${functionAppName}'

@description('Tags for every resource that takes them.')
param tags object = {}

@description('BASE_PATH of the app, if it has one: the only path that then goes to it.')
param basePath string = ''

@description('Tier of Front Door. Private link is of Premium alone.')
@allowed(['Standard_AzureFrontDoor', 'Premium_AzureFrontDoor'])
param sku string = 'Standard_AzureFrontDoor'

@description('Reach the app by private link, which Premium can. Each connection has to be approved at its target before anything passes.')
param privateLink bool = false

@description('Storage account of the front end that is to be reached by private link as well; empty leaves the front end to its public address.')
param frontEndAccountName string = ''

@description('Let Front Door keep answers of the front end. One without Cache-Control would then be kept for days, so all of them need it, as those that the hook uploads have it.')
param cacheFrontEnd bool = false

@description('Region of Front Door that keeps the private endpoints: that of the app, or the nearest that has them.')
param privateLinkLocation string = resourceGroup().location

@description('Answers to a sign-in that one address may post in a minute. A company behind one address is one address.')
@minValue(10)
@maxValue(5000)
param callbacksPerMinute int = 200

@description('Bytes of a request body, as FUNCTIONS_REQUEST_BODY_SIZE_LIMIT has it.')
param longestBody int = 12582912

// An app that this reaches by private link without Premium would be reached by nothing.
var isPrivate = privateLink
  ? (sku == 'Premium_AzureFrontDoor' ? true : fail('privateLink needs sku Premium_AzureFrontDoor.'))
  : false
var signetPaths = empty(basePath)
  ? ['/auth', '/auth/*', '/api/*', '/health/*', '/protected/*']
  : [basePath, '${basePath}/*']
// A value with a character that no header of the app's worker can hold is an empty 500 before any code of ours runs.
var plain = '[^\\x20-\\x7E]'
// Headers that the app reads. The cookie is not among them: a neighbour's must not lock a person out, so it is taken away below.
var readHeaders = [
  'Accept'
  'Accept-Language'
  'Authorization'
  'Content-Type'
  'Origin'
  'Referer'
  'User-Agent'
]

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

resource frontEndAccount 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: empty(frontEndAccountName) ? 'none' : frontEndAccountName
}

resource profile 'Microsoft.Cdn/profiles@2025-06-01' = {
  name: name
  location: 'global'
  tags: tags
  sku: { name: sku }
  // As long as the host gives a request.
  properties: { originResponseTimeoutSeconds: 230 }

  resource endpoint 'afdEndpoints' = {
    name: name
    location: 'global'
    tags: tags
    properties: { enabledState: 'Enabled' }

    resource toSignet 'routes' = {
      name: 'signet'
      properties: {
        originGroup: { id: profile::signet.id }
        ruleSets: [{ id: profile::signetRules.id }]
        patternsToMatch: signetPaths
        supportedProtocols: ['Http', 'Https']
        httpsRedirect: 'Enabled'
        forwardingProtocol: 'HttpsOnly'
        linkToDefaultDomain: 'Enabled'
        // Without cacheConfiguration: no answer of the app is kept here.
      }
      // A route is refused while its group has no origin, and while a rule set it names has no rule.
      dependsOn: [signet::origin, signetRules::plainCookie]
    }

    resource toFrontEnd 'routes' = {
      name: 'front-end'
      properties: {
        originGroup: { id: profile::frontEnd.id }
        ruleSets: [{ id: profile::frontEndRules.id }]
        patternsToMatch: ['/*']
        supportedProtocols: ['Http', 'Https']
        httpsRedirect: 'Enabled'
        forwardingProtocol: 'HttpsOnly'
        linkToDefaultDomain: 'Enabled'
        cacheConfiguration: cacheFrontEnd
          ? {
              queryStringCachingBehavior: 'UseQueryString'
              compressionSettings: {
                isCompressionEnabled: true
                contentTypesToCompress: [
                  'application/javascript'
                  'application/json'
                  'image/svg+xml'
                  'text/css'
                  'text/html'
                  'text/javascript'
                ]
              }
            }
          : null
      }
      dependsOn: [frontEnd::origin, frontEndRules::noCredentials, frontEndRules::headers]
    }
  }

  resource signet 'originGroups' = {
    name: 'signet'
    properties: {
      loadBalancingSettings: { sampleSize: 4, successfulSamplesRequired: 3 }
      // One origin: whatever a probe found, there is nowhere else to go, so none is sent.
      sessionAffinityState: 'Disabled'
    }

    resource origin 'origins' = {
      name: 'signet'
      properties: {
        hostName: app.properties.defaultHostName
        originHostHeader: app.properties.defaultHostName
        httpsPort: 443
        enforceCertificateNameCheck: true
        enabledState: 'Enabled'
        sharedPrivateLinkResource: isPrivate
          ? {
              privateLink: { id: app.id }
              privateLinkLocation: privateLinkLocation
              groupId: 'sites'
              requestMessage: 'Front Door of Signet'
            }
          : null
      }
    }
  }

  resource frontEnd 'originGroups' = {
    name: 'front-end'
    properties: {
      loadBalancingSettings: { sampleSize: 4, successfulSamplesRequired: 3 }
      sessionAffinityState: 'Disabled'
    }

    resource origin 'origins' = {
      name: 'front-end'
      properties: {
        hostName: frontEndHostName
        originHostHeader: frontEndHostName
        httpsPort: 443
        enforceCertificateNameCheck: true
        enabledState: 'Enabled'
        sharedPrivateLinkResource: isPrivate && !empty(frontEndAccountName)
          ? {
              privateLink: { id: frontEndAccount.id }
              privateLinkLocation: privateLinkLocation
              groupId: 'web'
              requestMessage: 'Front Door of Signet'
            }
          : null
      }
    }
  }

  resource signetRules 'ruleSets' = {
    name: 'signet'

    resource plainCookie 'rules' = {
      name: 'plainCookie'
      properties: {
        order: 1
        conditions: [
          {
            name: 'RequestHeader'
            parameters: {
              typeName: 'DeliveryRuleRequestHeaderConditionParameters'
              selector: 'Cookie'
              operator: 'RegEx'
              matchValues: [plain]
              negateCondition: false
              transforms: []
            }
          }
        ]
        actions: [
          {
            name: 'ModifyRequestHeader'
            parameters: {
              typeName: 'DeliveryRuleHeaderActionParameters'
              headerAction: 'Delete'
              headerName: 'Cookie'
            }
          }
        ]
      }
    }
  }

  resource frontEndRules 'ruleSets' = {
    name: 'frontEnd'

    // Whoever has the files of the front end gets no session.
    resource noCredentials 'rules' = {
      name: 'noCredentials'
      properties: {
        order: 1
        actions: [
          for header in ['Cookie', 'Authorization']: {
            name: 'ModifyRequestHeader'
            parameters: {
              typeName: 'DeliveryRuleHeaderActionParameters'
              headerAction: 'Delete'
              headerName: header
            }
          }
        ]
      }
    }

    // The two that Signet sets on every answer, and no cookie on the origin of the session but its own.
    resource headers 'rules' = {
      name: 'headers'
      properties: {
        order: 2
        actions: [
          {
            name: 'ModifyResponseHeader'
            parameters: {
              typeName: 'DeliveryRuleHeaderActionParameters'
              headerAction: 'Overwrite'
              headerName: 'Strict-Transport-Security'
              value: 'max-age=31536000; includeSubDomains'
            }
          }
          {
            name: 'ModifyResponseHeader'
            parameters: {
              typeName: 'DeliveryRuleHeaderActionParameters'
              headerAction: 'Overwrite'
              headerName: 'X-Content-Type-Options'
              value: 'nosniff'
            }
          }
          {
            name: 'ModifyResponseHeader'
            parameters: {
              typeName: 'DeliveryRuleHeaderActionParameters'
              headerAction: 'Delete'
              headerName: 'Set-Cookie'
            }
          }
        ]
      }
    }
  }

  resource guarded 'securityPolicies' = {
    name: 'guarded'
    properties: {
      parameters: {
        type: 'WebApplicationFirewall'
        wafPolicy: { id: firewall.id }
        associations: [{ domains: [{ id: profile::endpoint.id }], patternsToMatch: ['/*'] }]
      }
    }
  }
}

resource firewall 'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies@2025-03-01' = {
  name: 'waf${uniqueString(resourceGroup().id, name)}'
  location: 'global'
  tags: tags
  sku: { name: sku }
  properties: {
    policySettings: {
      enabledState: 'Enabled'
      mode: 'Prevention'
      // The rules count and match; none has to read what a person posts.
      requestBodyCheck: 'Disabled'
      // A matched value is written down, and one of the headers below is a credential.
      logScrubbing: {
        state: 'Enabled'
        scrubbingRules: [
          { matchVariable: 'RequestHeaderNames', selectorMatchOperator: 'EqualsAny', state: 'Enabled' }
          { matchVariable: 'RequestCookieNames', selectorMatchOperator: 'EqualsAny', state: 'Enabled' }
          { matchVariable: 'RequestBodyPostArgNames', selectorMatchOperator: 'EqualsAny', state: 'Enabled' }
        ]
      }
    }
    customRules: {
      rules: concat(
        [
          {
            name: 'floodOfCallbacks'
            priority: 10
            ruleType: 'RateLimitRule'
            rateLimitDurationInMinutes: 1
            rateLimitThreshold: callbacksPerMinute
            groupBy: [{ variableName: 'SocketAddr' }]
            action: 'Block'
            matchConditions: [
              {
                matchVariable: 'RequestUri'
                operator: 'Contains'
                matchValue: ['/auth/callback']
                transforms: ['UrlDecode', 'Lowercase']
              }
            ]
          }
          {
            name: 'longBody'
            priority: 20
            ruleType: 'MatchRule'
            action: 'Block'
            matchConditions: [
              {
                matchVariable: 'RequestHeader'
                selector: 'Content-Length'
                operator: 'GreaterThan'
                matchValue: [string(longestBody)]
              }
            ]
          }
        ],
        map(readHeaders, (header, i) => {
          name: 'plain${replace(header, '-', '')}'
          priority: 30 + i
          ruleType: 'MatchRule'
          action: 'Block'
          matchConditions: [
            { matchVariable: 'RequestHeader', selector: header, operator: 'RegEx', matchValue: [plain] }
          ]
        })
      )
    }
  }
}

@description('Origin under which browsers reach both: PUBLIC_URL, where no domain of yours is given to Front Door.')
output SIGNET_FRONT_DOOR_URL string = 'https://${profile::endpoint.properties.hostName}'

@description('What Front Door says of itself in X-Azure-FDID: parameter frontDoorId of main.bicep.')
output SIGNET_FRONT_DOOR_ID string = profile.properties.frontDoorId
