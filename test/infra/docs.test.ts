import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SETTINGS } from '../../lib/config/settings.ts'
import { ERRORS } from '../../lib/errors/table.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { SCENARIOS, snapshotOf } from '../support/scenarios.ts'

const deploy = readFileSync('docs/deploy.md', 'utf8')
const operate = readFileSync('docs/operate.md', 'utf8')
const bicep = Object.fromEntries(
  [
    'main.bicep',
    'main.parameters.json',
    'live/live.bicepparam',
    'entra/entra.bicepparam',
    'modules/alerts.bicep',
  ].map((file) => [file, readFileSync(join('infra', file), 'utf8')]),
)
/** Where a choice becomes a parameter. */
const parameters = `${bicep['main.parameters.json']}${bicep['live/live.bicepparam']}${bicep['entra/entra.bicepparam']}`

/** First cells of the table that has this heading row, without backticks. */
function firstCells(page: string, heading: string, occurrence = 0): string[] {
  const after = page.split(`\n| ${heading} |`)[occurrence + 1] ?? ''
  const [, , ...rows] = (after.split('\n\n')[0] ?? '').split('\n')
  return rows.map((row) => row.split('|')[1]?.trim().replaceAll('`', '') ?? '')
}

function resourceTypes(...names: readonly string[]): string[] {
  const types = names.flatMap((name) =>
    snapshotOf(name).predictedResources.map(({ type }) => type.replace(/@.*/, '')),
  )
  return [...new Set(types)].toSorted()
}

const names = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, name]) => name ?? '')),
]

test('the tables of what is created are what the templates create', () => {
  const heading = 'resource type | what | when'
  const live = SCENARIOS.map((name) => `${name}.live`)
  expect(firstCells(deploy, heading).toSorted()).toEqual(resourceTypes(...SCENARIOS))
  expect(firstCells(deploy, heading, 1).toSorted()).toEqual(resourceTypes(...live))
  expect(firstCells(deploy, heading, 2).toSorted()).toEqual(resourceTypes('entra'))
})

test('every choice that the parameters and hooks read is documented, and no other', () => {
  const hooks = readdirSync('infra/hooks').map((file) => readFileSync(join('infra/hooks', file), 'utf8'))
  const read = [
    ...names(parameters, /['{](SIGNET_[A-Z_]+)['}]/g),
    ...names(hooks.join(''), /env\.(SIGNET_[A-Z_]+)/g),
  ]
  const handedOn = [
    ...names(bicep['main.bicep'] ?? '', /output (SIGNET_[A-Z_]+)/g),
    'SIGNET_SIGNING_CERTIFICATES',
    'SIGNET_APP_ONLY_CERTIFICATES',
    'SIGNET_FINGERPRINT',
  ]
  const chosen = [...new Set(read)].filter((name) => !handedOn.includes(name))
  expect(chosen.length).toBeGreaterThan(15)
  expect(firstCells(deploy, 'variable | default | meaning').toSorted()).toEqual(chosen.toSorted())
})

test('the documented defaults are those of the parameters', () => {
  const rows = deploy.split('\n').flatMap((line) => {
    const [, name = '', value = ''] = /^\| `(SIGNET_\w+)` \| `?([^`|]*?)`? \|[^|]*\|$/.exec(line) ?? []
    return name === '' ? [] : [[name, value] as const]
  })
  const checked = rows.filter(([name]) => defaultOf(name) !== undefined)
  expect(checked.length).toBeGreaterThan(12)
  for (const [name, value] of checked) expect([name, value]).toEqual([name, defaultOf(name)])
})

/** The default of a choice, where it is a plain value. */
function defaultOf(name: string): string | undefined {
  const given = new RegExp(`'${name}',\\s*'([^']*)'`).exec(parameters)?.[1]
  if (given !== undefined) return given
  const parameter = new RegExp(`"(\\w+)": \\{\\s*"value": "\\$\\{${name}\\}"`).exec(parameters)?.[1]
  const value = new RegExp(`^param ${parameter} \\S+ = (.*)$`, 'm').exec(bicep['main.bicep'] ?? '')?.[1]
  return value?.includes('${') ? undefined : value?.replace(/^'(.*)'$/, '$1')
}

test('every variable that the pages set exists', () => {
  const known: readonly string[] = [
    ...SETTINGS.map(({ name }) => name),
    ...firstCells(deploy, 'variable | default | meaning'),
    'AZURE_LOCATION',
  ]
  const set = names(`${deploy}${operate}`, /azd env set ([A-Z]\w+)/g)
  expect(set.length).toBeGreaterThan(6)
  expect(set.filter((name) => !known.includes(name))).toEqual([])
})

/** Names of all alerts, without the prefix of a deployment. */
function alertNames(): string[] {
  const alerts = bicep['modules/alerts.bicep'] ?? ''
  const members: Readonly<Record<string, readonly string[]>> = {
    kind: names(alerts, /^ {4}kind: '([a-z]+)'/gm),
    group: names(alerts, /^ {4}group: '(\w+)'/gm),
  }
  const rules = alerts.split('\nresource ').filter((text) => /^\w+ '[^']*(Rules|Alerts)@/.test(text))
  return rules.flatMap((text) => {
    const [, name = ''] = /name: '\$\{name\}-([^']*)'/.exec(text) ?? []
    const [placeholder, member = ''] = /\$\{fault\.(\w+)\}/.exec(name) ?? []
    return placeholder === undefined
      ? [name]
      : (members[member] ?? []).map((value) => name.replace(placeholder, value))
  })
}

test('the alerts and queries are those of the templates', () => {
  const alerts = firstCells(operate, 'alert | fires when | first look')
  expect(alerts.length).toBeGreaterThan(10)
  expect(alerts.map((cell) => /^\[([\w-]+)\]\(#\1\)$/.exec(cell)?.[1]).toSorted()).toEqual(
    alertNames().toSorted(),
  )
  const queries = readdirSync('infra/queries').map((file) => file.replace(/\.kql$/, ''))
  expect(firstCells(operate, 'query | answers').toSorted()).toEqual(queries.toSorted())
})

test('each alert has a runbook of its name, which says what it means for people and what to do', () => {
  const [, page = ''] = operate.split('\n### When an alert fires\n')
  const runbooks = (page.split('\n### ')[0] ?? '').split('\n#### ').slice(1)
  expect(runbooks.map((text) => text.split('\n')[0]).toSorted()).toEqual(alertNames().toSorted())
  for (const text of runbooks) expect(text).toMatch(/^[\w-]+\n\n\*[A-Z][^*]+\.\*/)
})

test('the codes and queries that a runbook names are there', () => {
  const [, page = ''] = operate.split('\n### When an alert fires\n')
  const runbooks = page.split('\n### ')[0] ?? ''
  const codes = names(runbooks, /`([a-z]+\/[a-z_]+)`/g)
  expect(codes.length).toBeGreaterThan(8)
  expect(Object.keys(ERRORS)).toEqual(expect.arrayContaining(codes))
  for (const query of names(runbooks, /query `([\w-]+)`/g))
    expect(existsSync(`infra/queries/${query}.kql`), query).toBe(true)
})

test('every link leads to a file, and to a heading that is in it', () => {
  for (const page of [deploy, operate]) {
    for (const target of names(page, /\]\((?!http)([^)]+)\)/g)) {
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? undefined : join('docs', path)
      if (file !== undefined) expect(existsSync(file), file).toBe(true)
      const text = file === undefined ? page : readFileSync(file, 'utf8')
      // Marks count for nothing in the name of a heading.
      const plain = names(text, /^#+ (.+)$/gm).map((heading) => heading.replace(/[^\p{L}\p{N} _-]/gu, ''))
      const anchors = plain.map((heading) => heading.toLowerCase().replaceAll(' ', '-'))
      if (anchor !== undefined) expect(anchors, target).toContain(anchor)
    }
  }
})

test('every npm script that hooks and pages run is there', () => {
  const hooks = readdirSync('infra/hooks').map((file) => readFileSync(join('infra/hooks', file), 'utf8'))
  const run = [
    ...names(`${deploy}${operate}`, /npm run (\w+)/g),
    ...names(hooks.join(''), /'--silent', '(\w+)'/g),
  ]
  expect(Object.keys(packageJson.scripts)).toEqual(expect.arrayContaining([...new Set(run)]))
})

test('azure.yaml names files that exist and the service that the template tags', () => {
  const text = readFileSync('azure.yaml', 'utf8')
  const files = names(text, /run: (\S+)/g)
  expect(files).toHaveLength(4)
  for (const file of files) expect(existsSync(file), file).toBe(true)
  const [service] = names(text, /^services:\n {2}(\w+):/gm)
  expect(bicep['main.bicep']).toContain(`serviceName: '${service}'`)
})

test('whatever a hook stops with has a row that says why and what to do, and no row is for what none says', () => {
  const hooks = readdirSync('infra/hooks').map((file) => readFileSync(join('infra/hooks', file), 'utf8'))
  const messages = names(hooks.join(''), /new HookFault\(\s*\[?([`'].*?[`'])(?:, \[|, \.\.\.|,\n|,$)/gm).map(
    asSymptom,
  )
  expect(messages.length).toBeGreaterThan(15)
  expect(firstCells(deploy, 'symptom | cause | what to do').toSorted()).toEqual(messages.toSorted())
})

/** A message as the page has it: what only a run knows is left open. */
function asSymptom(literal: string): string {
  return literal.slice(1, -1).replace(/\$\{[^}]*\}/g, '…')
}
