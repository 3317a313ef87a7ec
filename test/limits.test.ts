/**
 * docs/limits.md against the code (ASVS 13.1.3, 13.2.6): every number in the library that bounds something has its row, and every row its
 * number.
 */
import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SETTINGS } from '../lib/config/settings.ts'

/** Numbers that bound nothing: a unit, a version, and the sizes that an algorithm has. */
const NO_LIMITS =
  /^(MINUTE_MS|HOUR_MS|DAY_MS|STATE_VERSION|RECORD_VERSION|BINDING_VERSION|SESSION_ID_LENGTH|SECRET_BYTES|NONCE_BYTES|COOKIE_BYTES|KEY_BYTES|TAG_BYTES|HOLDER_BYTES|SALT_BYTES)$/

const UNITS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['min', 60_000],
  ['h', 3_600_000],
  ['KiB', 1_024],
  ['MiB', 1_048_576],
  ['%', 0.01],
])

interface Row {
  readonly section: string
  readonly what: string
  readonly value: string
  readonly then: string
  readonly where: string
}

const page = readFileSync('docs/limits.md', 'utf8')
const rows = page.split('\n## ').flatMap((text): Row[] => {
  const [section = '', ...lines] = text.split('\n')
  return lines
    .filter((line) => /^\| .* \|$/.test(line) && !line.startsWith('| what |'))
    .map((line) => {
      const [what = '', value = '', then = '', where = ''] = line.slice(2, -2).split(' | ')
      return { section, what, value, then, where }
    })
})

/** Every constant of a module whose value is a number, and every number of a constant object, by `path NAME` or `path NAME.member`. */
const constants: ReadonlyMap<string, number> = new Map(
  globSync('lib/**/*.ts').flatMap((path) => {
    const text = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    const single = [
      ...text.matchAll(/^(?:export )?const ([A-Z][A-Z0-9_]*)(?:: number)? = ([\d_.*/+ ()-]+)$/gm),
    ]
    const listed = [
      ...text.matchAll(/^(?:export )?const ([A-Z][A-Z0-9_]*)[^=\n]* = \{\n((?: {2}\w+: [\d_]+,\n)+)\}/gm),
    ]
    const members = listed.flatMap(([, name, body = '']) =>
      [...body.matchAll(/(\w+): ([\d_]+),/g)].map(
        ([, member, value = '']) => [`${name}.${member}`, value] as const,
      ),
    )
    return [...single.map(([, name = '', value = '']) => [name, value] as const), ...members]
      .filter(([name]) => !NO_LIMITS.test(name))
      .map(([name, value]) => [`${path} ${name}`, evaluate(value)] as const)
  }),
)

function evaluate(expression: string): number {
  return Number(Function(`return ${expression.replaceAll('_', '')}`)())
}

/** What a row says, in the unit of the constant: seconds for `_SEC`, milliseconds for other times, bytes, or a bare number. */
function saidBy({ value, where }: Row): number {
  const [, number = '', unit = ''] = /^([\d,.]+)(?: ?(ms|s|min|h|KiB|MiB|%))?(?: \D*)?$/.exec(value) ?? []
  const said = Number(number.replaceAll(',', '')) * (UNITS.get(unit) ?? 1)
  return /_SEC`/.test(where) ? said / 1_000 : said
}

/** The constant that a row is about: a link to its file, and its name. */
function keyOf({ where }: Row): string | undefined {
  const [, path, name] = /^\[`[^`]+`\]\(\.\.\/(lib\/[^)]+)\) `([\w.]+)`$/.exec(where) ?? []
  return path === undefined ? undefined : `${path} ${name}`
}

const OF_CODE = rows.filter((row) => keyOf(row) !== undefined)

describe('docs/limits.md', () => {
  it('has a row for every number of the library that bounds something, and no other', () => {
    expect(constants.size).toBeGreaterThan(40)
    expect(OF_CODE.map(keyOf).toSorted()).toEqual([...constants.keys()].toSorted())
  })

  it.each(OF_CODE)('says what the code does: $what: $value', (row) => {
    expect(saidBy(row)).toBe(constants.get(keyOf(row) ?? ''))
  })

  it('says the default of a setting as the code has it', () => {
    const ofSettings = rows.flatMap(({ where, value }) => {
      const [, name] = /^setting `(\w+)`$/.exec(where) ?? []
      return name === undefined ? [] : [[name, value.split(' ')[0]]]
    })

    expect(ofSettings.length).toBeGreaterThan(0)
    for (const [name, value] of ofSettings)
      expect(SETTINGS.find((setting) => setting.name === name)?.defaultValue).toBe(value)
  })

  it('says what happens then, in every row', () => {
    expect(rows.filter(({ what, then }) => what === '' || then === '')).toEqual([])
  })

  it('names beside the code only settings, files and the platform', () => {
    const names: readonly string[] = SETTINGS.map(({ name }) => name)
    const others = rows.filter((row) => keyOf(row) === undefined)
    const isKnown = ({ where }: Row): boolean => {
      const [, setting] = /^setting `(\w+)`$/.exec(where) ?? []
      const [, file] = /^\[`[^`]+`\]\(\.\.\/([^)]+)\)/.exec(where) ?? []
      if (file !== undefined) readFileSync(file)
      return (
        where === 'the platform' || file !== undefined || (setting !== undefined && names.includes(setting))
      )
    }

    expect(others.filter((row) => !isKnown(row))).toEqual([])
  })
})
