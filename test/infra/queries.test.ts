/** The saved queries against the app: they read the log lines that it writes and know the codes that it has. */
import { readdirSync, readFileSync } from 'node:fs'
import { HttpRequest, InvocationContext } from '@azure/functions'
import { describe, expect, it } from 'vitest'
import type { App } from '../../lib/app.ts'
import { createVersionedAssertions } from '../../lib/credential/versionedAssertions.ts'
import { AppError } from '../../lib/errors/appError.ts'
import { ERRORS } from '../../lib/errors/table.ts'
import { serve } from '../../lib/http/boundary.ts'
import { heldEffects } from '../support/heldEffects.ts'
import { INFRA } from '../support/infraCopy.ts'
import { at, ofType } from '../support/prediction.ts'
import { snapshotOf } from '../support/scenarios.ts'

const predicted = snapshotOf('defaults')

describe('saved queries', () => {
  const files = readdirSync(`${INFRA}queries`)
  const textOf = (file: string): string => readFileSync(`${INFRA}queries/${file}`, 'utf8')
  const all = files.map(textOf).join('\n')
  const saved = ofType(predicted, 'Microsoft.OperationalInsights/workspaces/savedSearches')

  it('each query file is deployed word for word', () => {
    const deployed = saved.map((search) => at(search, 'properties.query'))
    expect(files.map(textOf).toSorted()).toEqual(deployed.toSorted())
  })

  it('whoever called the vault is read from the claim of its own rows first, in every query and alert that names a caller', () => {
    const callers = [...all.matchAll(/^.*Identity\.claim.*$/gm)].map(([line]) => line)
    const longName = 'Identity.claim["http://schemas.microsoft.com/identity/claims/objectidentifier"]'

    expect(callers).not.toEqual([])
    for (const line of callers)
      expect(line).toBe(`| extend Caller = coalesce(tostring(Identity.claim.oid), tostring(${longName}))`)
    const alerts = readFileSync(`${INFRA}modules/alerts.bicep`, 'utf8')
    expect(alerts).not.toContain('Identity')
  })

  it('the fault query knows which codes of the vault, the identity and the client need an operator', () => {
    const query = readFileSync(`${INFRA}queries/sign-faults.kql`, 'utf8')
    const listed = /SetupCodes = dynamic\(\[(.*?)\]\)/.exec(query)?.[1]?.match(/[a-z]+\/[a-z_]+/g)
    const setup = Object.entries(ERRORS).filter(
      ([code, { kind }]) => kind === 'setup' && /^(?:vault\/|identity\/|entra\/client_rejected)/.test(code),
    )
    expect(listed?.toSorted()).toEqual(setup.map(([code]) => code).toSorted())
  })

  it('the fields they read are those that a failed request and a failed renewal write', async () => {
    const effects = heldEffects()
    const refused = async (): Promise<never> => {
      throw new AppError('vault/forbidden')
    }
    const config = { app: { paths: { login: '/auth/login' } } } as App['config']
    const login = serve(() => ({ effects, config }) as Partial<App> as App, {
      name: 'login',
      methods: ['GET'],
      handle: refused,
    })

    await login(new HttpRequest({ method: 'GET', url: 'https://app.example/' }), new InvocationContext())
    createVersionedAssertions({ clientId: '', certificates: { read: refused }, sign: refused, effects }).warm(
      '',
    )
    await expect.poll(() => effects.logs.length).toBe(2)

    const [request, renewal] = effects.logs
    expect(request).toMatchObject({ event: 'request', facts: { outcome: 'vault/forbidden', kind: 'setup' } })
    expect(renewal?.event).toMatch(/\.renewal_failed$/)
    expect(renewal?.facts.fault).toContain('vault/forbidden')
    const written = ['event', ...effects.logs.flatMap(({ facts }) => Object.keys(facts))]
    // Those about sessions and about readiness are held against their lines in the journeys that write these.
    const theirs = files
      .filter((file) => !/^(sessions|readiness)/.test(file))
      .map(textOf)
      .join('\n')
    expect(
      [...theirs.matchAll(/\bLine\.(\w+)/g)].filter(([, field = '']) => !written.includes(field)),
    ).toEqual([])
  })
})
