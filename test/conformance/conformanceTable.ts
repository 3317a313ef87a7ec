/** The tables in docs/conformance.md: which module, and what comes of it or why it is not run. */
import type { ConformanceModule } from './conformanceModule.ts'
import { MODULE_NAMES, plansOf } from './plans.ts'

/** A row for each module, in the order of the plans. */
export function conformanceRows(modules: readonly ConformanceModule[]): readonly (readonly string[])[] {
  const inOrder = [...modules].sort((a, b) => MODULE_NAMES.indexOf(a.name) - MODULE_NAMES.indexOf(b.name))
  return inOrder.map((module) => [
    `\`${module.name}\``,
    plansOf(module.name).join(', '),
    module.provider,
    module.applies === false ? module.reason : outcomeOf(module.expect, module.rule),
  ])
}

function outcomeOf(expected: string, rule: string | undefined): string {
  if (!expected.includes('/')) return expected
  return rule === undefined ? `\`${expected}\`` : `\`${expected}\`: ${rule}`
}
