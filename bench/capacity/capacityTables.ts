/** The tables of docs/capacity.md, made of docs/calls.md, of the result of the last benchmark, and of the parameters. */
import type { Result } from '../outside/result.ts'
import { SIGNET } from '../outside/subjects.ts'
import { callsOfPage } from './callsOfPage.ts'
import { type CpuMs, type Load, type Simulation, simulate, tookMs, WALLS } from './load.ts'
import {
  HABITS,
  INSTANCE_GB,
  KIB_PER_SESSION,
  LOG,
  PEOPLE,
  PRICES,
  SIGNATURE_EVERY_SEC,
} from './parameters.ts'
import { type Kind, REQUESTS } from './workingDay.ts'

/** Which row of the benchmark says what a request costs the processor. */
const MEASURED_AS: Readonly<Record<Kind, string>> = {
  // A sign-in is both; the login is the smaller part of it, and is counted with the callback.
  login: '',
  callback: 'sign-in',
  look: 'who am I',
  used: 'API call as the person, token refreshed',
  call: 'API call as the person, token held',
  firstCall: 'API call as the person, token refreshed',
  signOut: 'sign-in',
}

/** By name of the part. */
export function capacityTables(
  callsPage: string,
  result: Result,
): Readonly<Record<'calls' | 'walls' | 'costs', string>> {
  const simulation = simulate(callsOfPage(callsPage), cpuOf(result))
  return { calls: callsTable(simulation), walls: wallsTable(simulation), costs: costsTable(simulation) }
}

function cpuOf({ rows }: Result): CpuMs {
  const measured = (kind: Kind): number =>
    rows.find(({ subject, scenario }) => subject === SIGNET && scenario === MEASURED_AS[kind])?.cpuMs
      .median ?? 0
  return Object.fromEntries((Object.keys(REQUESTS) as Kind[]).map((kind) => [kind, measured(kind)])) as CpuMs
}

function callsTable({ day, callsOf }: Simulation): string {
  const rows = (Object.keys(REQUESTS) as Kind[]).map((kind) => {
    const { tables, token, api } = callsOf(kind)
    return [REQUESTS[kind], figure(day.requests[kind]), String(tables), String(token), String(api)]
  })
  const { tables, token, api } = day.calls
  const all = Object.values(day.requests).reduce((sum, count) => sum + count, 0)
  return table(
    ['request', 'of a person, a day', 'table transactions', 'token requests', 'API'],
    [...rows, ['**all of a day**', figure(all), figure(tables), figure(token), figure(api)]],
  )
}

function wallsTable({ loadOf }: Simulation): string {
  const loads = PEOPLE.map(loadOf)
  const shown = (text: (load: Load) => string): string[] => loads.map(text)
  const rows = [
    ['requests a second, busiest', ...shown(({ requests }) => figure(requests))],
    ['sign-ins a second, busiest', ...shown(({ signIns }) => figure(signIns))],
    ['token requests a second, busiest', ...shown(({ token }) => figure(token))],
    ['rows of live sessions, GiB', ...shown(({ people }) => figure((people * KIB_PER_SESSION) / 1_048_576))],
    ...WALLS.map(({ part, used, carries, unit }) => [
      `${part}: ${carries.toLocaleString('en-US')} ${unit}`,
      ...shown((load) => `${figure(used(load))} (${percent(used(load) / carries)})`),
    ]),
    ['the next wall', ...shown((load) => nextWall(load))],
  ]
  return table(['signed-in people', ...PEOPLE.map((people) => people.toLocaleString('en-US'))], rows)
}

/** The part that is fullest, and for how many people it lasts. */
function nextWall(load: Load): string {
  const [next] = WALLS.toSorted((a, b) => b.used(load) / b.carries - a.used(load) / a.carries)
  if (next === undefined) return ''
  const people = load.people * (next.carries / next.used(load))
  return `${next.part}, at about ${figure(people)} people`
}

function costsTable({ day, callsOf, loadOf }: Simulation): string {
  const signIn: Readonly<Partial<Record<Kind, number>>> = { login: 1, callback: 1 }
  const perDay = day.requests
  const sum = (counts: Readonly<Partial<Record<Kind, number>>>, of: (kind: Kind) => number): number =>
    (Object.entries(counts) as [Kind, number][]).reduce((all, [kind, count]) => all + count * of(kind), 0)
  const [, people = 1] = PEOPLE
  // All day long, as many instances as the busiest second needs: more than there are.
  const signaturesPerPerson =
    (loadOf(people).instances * (HABITS.workingHours * 3_600)) / SIGNATURE_EVERY_SEC / people
  const items = [
    ['tables', (kind: Kind) => callsOf(kind).tables],
    ['executions', () => 1],
    ['gbSeconds', (kind: Kind) => (tookMs(callsOf(kind)) / 1_000) * INSTANCE_GB],
    [
      'logGb',
      (kind: Kind) =>
        ((LOG.linesPerRequest + (kind === 'callback' ? LOG.linesMorePerSignIn : 0)) * LOG.bytesPerLine) / 1e9,
    ],
  ] as const
  const share = perDay.callback
  const rows = items.map(([name, of]): [name: keyof typeof PRICES, alone: number, withDay: number] => [
    name,
    sum(signIn, of),
    sum(perDay, of) / share,
  ])
  const signatures: (typeof rows)[number] = [
    'signatures',
    signaturesPerPerson / share,
    signaturesPerPerson / share,
  ]
  const priced = [...rows, signatures].map(([name, alone, withDay]) => ({
    ...PRICES[name],
    alone: alone * PRICES[name].perMillion,
    withDay: withDay * PRICES[name].perMillion,
  }))
  const total = (name: 'alone' | 'withDay'): string =>
    dollars(priced.reduce((all, one) => all + one[name], 0))
  return table(
    ['price item', 'a million sign-ins alone', 'with the day behind each', 'price as of'],
    [
      ...priced.map(({ of, alone, withDay, asOf, source }) => [
        `[${of}](${source})`,
        dollars(alone),
        dollars(withDay),
        asOf,
      ]),
      ['**together**', total('alone'), total('withDay'), ''],
    ],
  )
}

/** Two digits that mean something. */
function figure(value: number): string {
  const rounded = Number(value.toPrecision(2))
  return rounded >= 1_000 ? rounded.toLocaleString('en-US') : String(rounded)
}

function percent(share: number): string {
  return share < 0.001 ? 'less than 0.1 %' : `${figure(share * 100)} %`
}

function dollars(value: number): string {
  return `$${value < 0.01 ? Number(value.toPrecision(1)) : figure(value)}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
