import { describe, expect, test } from 'vitest'
import type { EntraRequest } from '../../local/entra/requestLog.ts'
import type { Logs } from '../../local/inspector/happening.ts'
import { signInSteps } from '../../local/inspector/signInSteps.ts'
import { summaryOf } from '../../local/inspector/summary.ts'
import { type Timeline, timeline } from '../../local/inspector/timeline.ts'
import type { RequestRecord } from '../../local/requestRecord.ts'

const none: Logs = { entra: [], vault: [], identity: [], tables: [], front: [] }

function entra(
  at: number,
  kind: EntraRequest['kind'],
  signIn: string | undefined,
  details: EntraRequest['details'] = {},
): EntraRequest {
  return { at, method: 'GET', path: `/t/${kind}`, kind, status: 200, correlationId: 'c', signIn, details }
}

function record<Operation extends string>(
  at: number,
  operation: Operation,
  path = '/x',
): RequestRecord<Operation> {
  return { at, method: 'POST', path, operation, status: 200 }
}

const shape = ({ signIns, background }: Timeline): object => ({
  signIns: signIns.map(({ id, happenings }) => [
    id,
    happenings.map(({ to, request }) => `${to} ${request.at}`),
  ]),
  background: background.map(({ to, request }) => `${to} ${request.at}`),
})

describe('the timeline', () => {
  test('is empty where nothing was logged', () => {
    expect(timeline(none)).toEqual({ signIns: [], background: [] })
  })

  test('has the requests of all stand-ins in one order', () => {
    const logs: Logs = {
      entra: [entra(100, 'authorize', 'a'), entra(400, 'token', 'a')],
      vault: [record(200, 'sign')],
      identity: [record(150, 'token')],
      tables: [record(300, 'insert'), record(500, 'insert')],
      front: [],
    }
    expect(shape(timeline(logs))).toEqual({
      signIns: [['a', ['entra 100', 'identity 150', 'vault 200', 'tables 300', 'entra 400', 'tables 500']]],
      background: [],
    })
  })

  test('puts what happens in one millisecond in the order in which a sign-in needs it', () => {
    const logs: Logs = {
      entra: [entra(100, 'token', 'a')],
      vault: [record(100, 'sign')],
      identity: [record(100, 'token')],
      tables: [record(100, 'insert')],
      front: [],
    }
    const [signIn] = timeline(logs).signIns
    expect(signIn?.happenings.map(({ to }) => to)).toEqual(['identity', 'vault', 'entra', 'tables'])
  })

  test('counts a request that names no sign-in to the nearest one', () => {
    const logs: Logs = {
      ...none,
      entra: [entra(1_000, 'authorize', 'a'), entra(3_000, 'authorize', 'b')],
      tables: [record(1_900, 'read'), record(2_100, 'read')],
      front: [],
    }
    expect(shape(timeline(logs))).toEqual({
      signIns: [
        ['b', ['tables 2100', 'entra 3000']],
        ['a', ['entra 1000', 'tables 1900']],
      ],
      background: [],
    })
  })

  test('leaves beside the sign-ins what is more than two seconds from all of them', () => {
    const logs: Logs = {
      ...none,
      entra: [entra(10_000, 'authorize', 'a')],
      vault: [record(7_999, 'sign'), record(8_000, 'sign'), record(12_000, 'sign'), record(12_001, 'sign')],
    }
    expect(shape(timeline(logs))).toEqual({
      signIns: [['a', ['vault 8000', 'entra 10000', 'vault 12000']]],
      background: ['vault 12001', 'vault 7999'],
    })
  })

  test('keeps health checks and app-only tokens out of sign-ins, however near', () => {
    const logs: Logs = {
      ...none,
      entra: [
        entra(100, 'authorize', 'a'),
        entra(101, 'token', undefined, { grantType: 'client_credentials' }),
      ],
      tables: [record(102, 'read', "/x/t(PartitionKey='health',RowKey='session')")],
      front: [],
    }
    expect(shape(timeline(logs))).toEqual({
      signIns: [['a', ['entra 100']]],
      background: ['tables 102', 'entra 101'],
    })
  })

  test('passes over the icon that browsers ask for and the table that the desk made', () => {
    const icon = { ...entra(100, 'other', undefined), path: '/favicon.ico' }
    expect(timeline({ ...none, entra: [icon], tables: [record(100, 'create table')] })).toEqual({
      signIns: [],
      background: [],
    })
  })

  test('gives a sign-out to the latest sign-in of that person', () => {
    const logs: Logs = {
      ...none,
      entra: [
        entra(1_000, 'sign-in', 'a', { person: 'Ada' }),
        entra(2_000, 'sign-in', 'b', { person: 'Bo' }),
        entra(3_000, 'sign-in', 'c', { person: 'Ada' }),
        entra(60_000, 'logout', undefined, { signedOut: ['Ada'] }),
      ],
      tables: [record(59_500, 'delete')],
      front: [],
    }
    const found = timeline(logs).signIns.find(({ id }) => id === 'c')
    expect(found?.happenings.map(({ request }) => request.at)).toEqual([3_000, 59_500, 60_000])
    expect(found && summaryOf(found).headline).toBe('Ada signed in and out again')
  })

  test('keeps the last ten sign-ins, newest first', () => {
    const log = Array.from({ length: 12 }, (_, index) => entra(index * 10_000, 'authorize', `s${index}`))
    const ids = timeline({ ...none, entra: log }).signIns.map(({ id }) => id)
    expect(ids).toEqual(['s11', 's10', 's9', 's8', 's7', 's6', 's5', 's4', 's3', 's2'])
  })
})

describe('the signature under an assertion', () => {
  const assertion = (iat: number) => ({ assertion: { header: { alg: 'PS256' }, claims: { iat } } })

  test('is found where it was made ahead: the first at or after the moment that the assertion states', () => {
    const logs: Logs = {
      ...none,
      entra: [entra(300_000, 'authorize', 'a'), entra(301_000, 'token', 'a', assertion(100))],
      vault: [record(99_000, 'sign'), record(100_400, 'sign'), record(200_000, 'sign')],
    }
    const [signIn] = timeline(logs).signIns
    expect(signIn?.signedAhead?.request.at).toBe(100_400)
    const [first] = signIn === undefined ? [] : signInSteps(signIn)
    expect(first?.title).toBe('Signed ahead: the vault signs the client assertion')
  })

  test('is not told twice where it was made for this very sign-in', () => {
    const logs: Logs = {
      ...none,
      entra: [entra(100_000, 'authorize', 'a'), entra(101_000, 'token', 'a', assertion(100))],
      vault: [record(100_400, 'sign')],
    }
    const [signIn] = timeline(logs).signIns
    expect(signIn?.signedAhead).toBeUndefined()
    expect(signIn?.happenings.map(({ to }) => to)).toEqual(['entra', 'vault', 'entra'])
  })
})

test('a time beyond all calendars does no harm', () => {
  const claims = { iat: -1e300, nbf: 1e300, exp: -8.65e15 }
  const log = [entra(1_000, 'token', 'a', { assertion: { header: { alg: 'PS256' }, claims } })]
  const [signIn] = timeline({ ...none, entra: log }).signIns
  const [step] = signIn === undefined ? [] : signInSteps(signIn)
  const group = step?.groups.find(({ heading }) => heading === 'Client assertion: claims')
  expect(group?.fields.map(({ value }) => value)).toEqual(['-1e+300', '1e+300', '-8650000000000000'])
})

describe('what no stand-in sees', () => {
  test('a request that the app cannot have sent implies none before it', () => {
    const log = [entra(1_000, 'authorize', 'a', { outcome: 'error page' })]
    const [signIn] = timeline({ ...none, entra: log }).signIns
    expect(signIn && signInSteps(signIn).map(({ from, to }) => `${from} ${to}`)).toEqual(['browser entra'])
  })

  test('the post to the app is implied by what the app does next, and by nothing less', () => {
    const begun = [entra(1_000, 'authorize', 'a'), entra(2_000, 'sign-in', 'a', { outcome: 'code' })]
    const titles = (logs: Logs): string[] =>
      timeline(logs).signIns.flatMap((signIn) => signInSteps(signIn).map(({ title }) => title))
    const posted = 'The browser posts Entra’s answer to the app'
    expect(titles({ ...none, entra: begun })).not.toContain(posted)
    expect(titles({ ...none, entra: [...begun, entra(2_100, 'token', 'a')] })).toContain(posted)
    expect(titles({ ...none, entra: begun, tables: [record(2_100, 'insert')] })).toContain(posted)
  })
})
