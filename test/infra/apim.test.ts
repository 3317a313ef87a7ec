/** The policy is sent as XML, so it has to be well-formed; what it decides can only be read here, not run. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { INFRA } from '../support/infraCopy.ts'
import { parseXml, type XmlElement } from '../support/parseXml.ts'

const source = (file: string): string => readFileSync(`${INFRA}apim/${file}`, 'utf8')

/** Every element of a name, in document order. */
function all(element: XmlElement, name: string): XmlElement[] {
  return [
    ...(element.name === name ? [element] : []),
    ...element.children.flatMap((child) => all(child, name)),
  ]
}

describe('the fragment for API Management', () => {
  const fragment = parseXml(source('require-certificate-client.xml'))
  const [validation] = all(fragment, 'validate-azure-ad-token')
  const variables = new Map(
    all(fragment, 'set-variable').map(({ attributes }) => [attributes.name, attributes.value ?? '']),
  )

  it('is a fragment: no sections, and small enough', () => {
    expect(fragment.name).toBe('fragment')
    expect(['inbound', 'outbound', 'backend', 'base'].flatMap((name) => all(fragment, name))).toEqual([])
    expect(Buffer.byteLength(source('require-certificate-client.xml'))).toBeLessThan(32_768)
  })

  it('first has the token validated for this tenant and this API, or answers 401', () => {
    expect(fragment.children[0]).toBe(validation)
    expect(validation?.attributes).toMatchObject({
      'tenant-id': '{{signet-tenant-id}}',
      'failed-validation-httpcode': '401',
      'output-token-variable-name': 'signetToken',
    })
    expect(all(fragment, 'audience').map(({ text }) => text)).toEqual([
      '{{signet-api-client-id}}',
      '{{signet-api-identifier-uri}}',
    ])
  })

  it.each([
    ['signetClient', 'azp', 'appid'],
    ['signetClientProof', 'azpacr', 'appidacr'],
  ])('%s comes from %s in version 2 tokens and from %s in version 1', (variable, version2, version1) => {
    expect(variables.get(variable)).toContain(
      `claims.GetValueOrDefault("ver", "") == "2.0" ? "${version2}" : "${version1}", "none"`,
    )
  })

  it('a client without a certificate and a client that is not listed get 403, and nobody else does', () => {
    const refusals = all(fragment, 'when')
    expect(refusals.map(({ attributes }) => attributes.condition)).toEqual([
      '@((string)context.Variables["signetClientProof"] != "2")',
      '@(!",{{signet-allowed-clients}},".Contains("," + (string)context.Variables["signetClient"] + ","))',
    ])
    for (const refusal of refusals) {
      expect(all(refusal, 'set-status')[0]?.attributes.code).toBe('403')
      expect(all(refusal, 'value')[0]?.text).toMatch(
        /^Bearer error="insufficient_scope", error_description="[a-z ]+"$/,
      )
    }
    expect(all(fragment, 'otherwise')).toEqual([])
  })

  it('every named value it uses is deployed, and no other', () => {
    const used = new Set(source('require-certificate-client.xml').match(/(?<=\{\{)[\w-]+(?=\}\})/g))
    const named = source('apim.bicep').match(/(?<=^ {2}')signet-[\w-]+(?=':)/gm)
    expect([...used].toSorted()).toEqual(named?.toSorted())
  })
})

describe('the policy of an API behind it', () => {
  const policy = parseXml(source('api-policy.xml'))

  it('includes the fragment by the name it is deployed under', () => {
    const [included] = all(policy, 'include-fragment')
    expect(source('apim.bicep')).toContain(`name: '${included?.attributes['fragment-id']}'`)
  })

  it('keeps what is configured above it in each section', () => {
    expect(
      policy.children.map(({ name, children }) => [name, children.some((child) => child.name === 'base')]),
    ).toEqual([
      ['inbound', true],
      ['backend', true],
      ['outbound', true],
      ['on-error', true],
    ])
  })
})

describe('the reader of policies', () => {
  it.each([
    ['<a><b></a></b>', /closes/],
    ['<a b=c/>', /not well-formed/],
    ['<a b="@("x")"/>', /not well-formed/],
    ['<a>1 < 2</a>', /not well-formed/],
    ['<a>1 & 2</a>', /not an entity/],
    ['<a b="1" b="2"/>', /twice/],
    ['<a/><b/>', /one root/],
    ['<a>', /one root/],
  ])('refuses %s', (document, fault) => {
    expect(() => parseXml(document)).toThrow(fault)
  })
})
