/**
 * Every module of the suite's plans as one file in `modules/`: its provider behaviour here is a switch of the look-alike, its
 * client the real app over the wire, its verdict an error code of ours.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../lib/errors/table.ts'
import { openJourney } from '../support/openJourney.ts'
import { expectScreen, isSignedIn } from '../support/screens.ts'
import { expectNoSession, tracesOf } from '../support/traces.ts'
import { location, newVisitor, type Reply } from '../support/visitor.ts'
import { isRun, LOGIN, type RunModule, type Stage } from './conformanceModule.ts'
import { conformanceRows } from './conformanceTable.ts'
import { loadModules } from './loadModules.ts'
import { MODULE_NAMES, PLANS } from './plans.ts'

const world = await openJourney({ isFrozen: true })
const { entra } = world.desk
const modules = await loadModules()
const run = [...modules.values()].filter(isRun)
const leftOut = [...modules.values()].filter((module) => !isRun(module))
const DOCS = readFileSync('docs/conformance.md', 'utf8')
/** Requests of the browser, not of the app. */
const OF_THE_BROWSER = new Set<string>(['authorize', 'sign-in', 'logout'])

/** What the app asked the provider for since. */
function askedSince(position: number): string[] {
  const kinds = entra.log.slice(position).map(({ kind }) => kind)
  return kinds.filter((kind) => !OF_THE_BROWSER.has(kind))
}

async function expectSignedIn({ visitor }: Stage, reply: Reply): Promise<void> {
  expect([reply.status, location(reply)]).toEqual([303, '/orders'])
  expect(await isSignedIn(world, visitor)).toBe(true)
}

async function expectSignedOut({ visitor }: Stage, reply: Reply): Promise<void> {
  expect([reply.status, reply.text.includes('signed out')]).toEqual([200, true])
  expect(await isSignedIn(world, visitor)).toBe(false)
}

async function expectRefused(
  { visitor }: Stage,
  { rule = '' }: RunModule,
  reply: Reply,
  code: ErrorCode,
): Promise<void> {
  expectScreen(world, reply, code)
  expect(String(world.logs.findLast(({ event }) => event === 'request')?.facts.detail)).toContain(rule)
  expect(await isSignedIn(world, visitor)).toBe(false)
}

describe('relying-party modules of the OpenID Foundation', () => {
  test.each(run.map((module) => [module.name, module.expect, module] as const))(
    '%s: %s',
    async (...[, , module]) => {
      // It knows no keys and has no assertion yet, whatever ran before.
      world.replaceInstance()
      const stage: Stage = { world, entra, visitor: newVisitor(world.origin) }
      // As the suite does with every request, whatever the module is about.
      Object.assign(entra.switches.authorize, { requirePkce: true, requireNonce: true })
      entra.switches.idToken.flaw = module.flaw
      module.arrange?.(stage)
      const before = await tracesOf(world)
      const position = entra.log.length

      const reply = await (module.course?.(stage) ?? stage.visitor.signIn(LOGIN))

      if (module.expect === 'signs in') await expectSignedIn(stage, reply)
      else if (module.expect === 'signs out') await expectSignedOut(stage, reply)
      else {
        await expectRefused(stage, module, reply, module.expect)
        await expectNoSession(world, before)
        const asked = askedSince(position)
        const other = asked.filter((kind) => kind !== 'metadata' && kind !== 'keys')
        if (module.isRefusedAtOnce === true) expect(asked, 'outbound calls').toEqual([])
        else expect(other, 'outbound calls').toEqual(['token'])
      }
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
    expect(DOCS).toContain(`${run.length} modules are run, ${leftOut.length} are not`)
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
