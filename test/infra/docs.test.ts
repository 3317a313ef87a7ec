import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SETTINGS } from '../../lib/config/settings.ts'
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

test('the alerts and queries are those of the templates', () => {
  const alerts = bicep['modules/alerts.bicep'] ?? ''
  const kinds = names(alerts, /kind: '(setup|upstream)'/g)
  const rules = alerts.split('\nresource ').filter((text) => /^\w+ '[^']*(Rules|Alerts)@/.test(text))
  const expected = rules.flatMap((text) => {
    const [, name = ''] = /name: '\$\{name\}-([^']*)'/.exec(text) ?? []
    return name.includes('${') ? kinds.map((kind) => name.replace(/\$\{[^}]*\}/, kind)) : [name]
  })
  expect(firstCells(operate, 'alert | fires when | first look').toSorted()).toEqual(expected.toSorted())
  const queries = readdirSync('infra/queries').map((file) => file.replace(/\.kql$/, ''))
  expect(firstCells(operate, 'query | answers').toSorted()).toEqual(queries.toSorted())
})

test('every link leads to a file, and to a heading that is in it', () => {
  for (const page of [deploy, operate]) {
    for (const target of names(page, /\]\((?!http)([^)]+)\)/g)) {
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? undefined : join('docs', path)
      if (file !== undefined) expect(existsSync(file), file).toBe(true)
      const text = file === undefined ? page : readFileSync(file, 'utf8')
      const anchors = names(text, /^#+ (.+)$/gm).map((heading) => heading.toLowerCase().replaceAll(' ', '-'))
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
