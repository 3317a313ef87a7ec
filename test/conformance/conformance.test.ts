/**
 * Every module of the suite's plans as one file in `modules/`: its provider behaviour here is a switch of the look-alike, its
 * client the real app over the wire, its verdict an error code of ours.
 */
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { openJourney } from '../support/openJourney.ts'
import { openPlainApi } from '../support/openPlainApi.ts'
import { newVisitor } from '../support/visitor.ts'
import { isRun, LOGIN, type Stage } from './conformanceModule.ts'
import { conformanceRows } from './conformanceTable.ts'
import { loadModules } from './loadModules.ts'
import { MODULE_NAMES, PLANS } from './plans.ts'
import { expectVerdict, standing } from './verdicts.ts'

const world = await openJourney({ isFrozen: true })
const { entra, clientId, registration } = world.desk
const modules = await loadModules()
const run = [...modules.values()].filter(isRun)
const leftOut = [...modules.values()].filter((module) => !isRun(module))
const DOCS = readFileSync('docs/conformance.md', 'utf8')

const ownScope = `api://${clientId}/access_as_user`
entra.registerApplication({ ...registration, delegatedPermissions: [ownScope] })
const api = await openPlainApi()
afterAll(() => api.close())
const settings = {
  DOWNSTREAM_APIS: JSON.stringify({ plain: { url: api.origin, as: 'user', scope: ownScope } }),
}

describe('relying-party modules of the OpenID Foundation', () => {
  test.each(run.map((module) => [module.name, module.expect, module] as const))(
    '%s: %s',
    async (...[, , module]) => {
      // It knows no keys and has no assertion yet, whatever ran before.
      world.replaceInstance(settings)
      api.tokens.length = 0
      const stage: Stage = { world, entra, api, visitor: newVisitor(world.origin) }
      // As the suite does with every request, whatever the module is about.
      Object.assign(entra.switches.authorize, { requirePkce: true, requireNonce: true })
      entra.switches.idToken.flaw = module.flaw
      module.arrange?.(stage)
      const before = await standing(stage)

      const reply = await (module.course?.(stage) ?? stage.visitor.signIn(LOGIN))

      await expectVerdict(stage, module, before, reply)
      await module.afterwards?.(stage)
    },
  )

  test.each(leftOut.map((module) => [module.name, module.reason] as const))(
    '%s is not run: %s',
    (_name, reason) => {
      expect(reason).toMatch(/^[A-Z].{30,}\.$/)
    },
  )
})

describe('the list of modules', () => {
  test('every module of every plan has a file, and every file is that of a module', () => {
    expect([...modules.keys()].toSorted()).toEqual([...MODULE_NAMES].toSorted())
  })

  test('every file names its module and says what the provider does', () => {
    for (const [file, { name, provider }] of modules) {
      expect(name).toBe(file)
      expect(provider, file).toMatch(/^[A-Z].{5,}\.$/)
    }
  })

  test.each([
    ['What is run', conformanceRows(run)],
    ['What is not run, and why', conformanceRows(leftOut)],
  ])('docs/conformance.md has the table: %s', (heading, rows) => {
    expect(tableUnder(heading)).toEqual(rows.map((cells) => `| ${cells.join(' | ')} |`))
  })

  test('docs/conformance.md counts right, in all and by plan', () => {
    const counts = /(\d+) modules are run, (\d+) are not/.exec(DOCS)?.slice(1).map(Number)
    expect(counts).toEqual([run.length, leftOut.length])
    const rows = PLANS.map(({ name, short, modules: names }) => {
      const inPlan = run.filter((module) => names.includes(module.name))
      return `| ${short} | \`${name}\` | ${names.length} | ${inPlan.length} |`
    })
    expect(tableUnder('The Foundation’s modules')).toEqual(rows)
  })
})

/** The rows under a heading, as they are written. */
function tableUnder(heading: string): string[] {
  const section = DOCS.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
}
