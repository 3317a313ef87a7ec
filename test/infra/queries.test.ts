/** The saved queries against the app: they read the log lines that it writes and know the codes that it has. */
import { readdirSync, readFileSync } from 'node:fs'
import { HttpRequest, InvocationContext } from '@azure/functions'
import { describe, expect, it } from 'vitest'
import type { App } from '../../lib/app.ts'
import { createVersionedAssertions } from '../../lib/credential/versionedAssertions.ts'
import { createEntraClock } from '../../lib/entra/entraClock.ts'
import { entraFacts } from '../../lib/entra/errorResponse.ts'
import { AppError } from '../../lib/errors/appError.ts'
import { ERRORS } from '../../lib/errors/table.ts'
import { serve } from '../../lib/http/boundary.ts'
import { heldEffects } from '../support/heldEffects.ts'
import { INFRA } from '../support/infraCopy.ts'
import { at, ofType } from '../support/prediction.ts'
import { snapshotOf } from '../support/scenarios.ts'

const predicted = snapshotOf('defaults')
const SOME_ID = '00000000-0000-4000-8000-00000000000a'

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

  it('each fault that is ours, of the session table or of Entra is in one of the two fault queries, and so in an alert', () => {
    const query = readFileSync(`${INFRA}queries/app-faults.kql`, 'utf8')
    expect(query).toContain('| where Kind in ("bug", "setup", "upstream")\n')
    expect(query).toContain(
      '| where not(Code startswith "vault/" or Code startswith "identity/" or Code == "entra/client_rejected")\n',
    )
    const cases = [...query.matchAll(/^ {4}(Kind|Code) (==|startswith) "([^"]+)", "(\w+)"/gm)]
    /** As `case` chooses: the first that holds. */
    const groupOf = (code: string, kind: string): string | undefined =>
      cases.find(([, column, operator, value = '']) => {
        const text = column === 'Kind' ? kind : code
        return operator === '==' ? text === value : text.startsWith(value)
      })?.[4]
    const grouped = Object.entries(ERRORS).flatMap(
      ([code, { kind }]): (readonly [string, string | undefined])[] =>
        /^(vault|identity)\/|^entra\/client_rejected$|^config\//.test(code) ||
        kind === 'user' ||
        kind === 'forged'
          ? []
          : [[code, groupOf(code, kind)]],
    )
    expect(Object.fromEntries(grouped)).toEqual({
      'bug/unexpected': 'bug',
      'entra/unavailable': 'entra',
      'entra/malformed_response': 'entra',
      'entra/metadata_mismatch': 'setup',
      'entra/request_rejected': 'rejected',
      'callback/crowded': 'rejected',
      // Of rotation, which has until a certificate's end; the alert on that end is another.
      'graph/unavailable': undefined,
      'graph/throttled': undefined,
      'graph/malformed_response': undefined,
      'graph/not_yet_allowed': undefined,
      'graph/token_refused': 'setup',
      'graph/proof_refused': 'setup',
      'graph/forbidden': 'setup',
      'graph/key_limit': 'setup',
      'graph/policy_refused': 'setup',
      'graph/not_found': 'setup',
      'graph/request_rejected': 'setup',
      'rotation/no_proof': 'setup',
      'rotation/not_registered': 'setup',
      'rotation/key_exportable': 'setup',
      'rotation/may_not_create': 'setup',
      'rotation/last_key': 'setup',
      'rotation/key_not_own': 'setup',
      'rotation/not_accepted': undefined,
      'rotation/newer_state': undefined,
      // A key beside the host, of which what is deployed here has none.
      'tpm/unavailable': undefined,
      'tpm/locked_out': 'setup',
      'tpm/key_unusable': 'setup',
      'pem/key_unusable': 'setup',
      'session/store_unavailable': 'sessions',
      'session/newer_record': 'sessions',
      'session/store_refused': 'setup',
      'api/refused_token': 'setup',
      'frontend/misaddressed': 'setup',
      // An API or a front end of somebody's: no alert of ours.
      'api/unavailable': undefined,
      'api/malformed_response': undefined,
      'api/response_too_large': undefined,
      'frontend/unavailable': undefined,
      'frontend/malformed_response': undefined,
      'frontend/response_too_large': undefined,
    })
    const alerts = ofType(snapshotOf('defaults.live'), 'Microsoft.Insights/scheduledQueryRules')
    const watched = JSON.stringify(alerts.map((alert) => at(alert, 'properties.criteria.allOf')))
    for (const group of new Set(cases.map(([, , , , one]) => one)))
      expect(watched).toContain(`"name":"Group","operator":"Include","values":["${group}"]`)
  })

  it('the fields they read are those that a failed request and a failed renewal write', async () => {
    const effects = heldEffects()
    const refused = async (): Promise<never> => {
      const facts = entraFacts({ error: 'invalid_client', trace_id: SOME_ID, correlation_id: SOME_ID })
      throw new AppError('vault/forbidden', { detail: 'status 403', cause: new TypeError('x'), facts })
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
    const date = new Date(effects.now() - 90_000).toUTCString()
    const dated = async () => new Response('', { headers: { date } })
    await createEntraClock({ ...effects, fetch: dated }).fetch('https://entra.example')
    expect(effects.logs.at(-1)).toMatchObject({ event: 'entra.clock', level: 'warn' })

    const [request, renewal] = effects.logs
    expect(request).toMatchObject({ event: 'request', facts: { outcome: 'vault/forbidden', kind: 'setup' } })
    expect(renewal?.event).toMatch(/\.renewal_failed$/)
    expect(renewal?.facts.fault).toContain('vault/forbidden')
    const written = ['event', ...effects.logs.flatMap(({ facts }) => Object.keys(facts))]
    // Those about sessions and about readiness are held against their lines in the journeys that write these.
    const theirs = files
      .filter((file) => !/^(sessions|readiness|bound)/.test(file))
      .map(textOf)
      .join('\n')
    expect(
      [...theirs.matchAll(/\bLine\.(\w+)/g)].filter(([, field = '']) => !written.includes(field)),
    ).toEqual([])
  })
})
