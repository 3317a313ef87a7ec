/**
 * Which function answers a request. The host knows no specificity: functions are tried in the order of their
 * names, and the first whose route and methods fit wins. A wrong method is therefore a miss, never a 405.
 */
import type { RegisteredFunction } from './coreTypes.ts'
import { parseRouteTemplate, type RouteTemplate, type RouteValues } from './routeTemplate.ts'

export type RouteMatch = { readonly fn: RegisteredFunction; readonly values: RouteValues }

export type RouteTable = {
  /** One line for each function that answers HTTP, in the order they are tried. */
  readonly lines: readonly string[]
  /** What keeps a function from being served; the others are served all the same. */
  readonly faults: readonly string[]
  readonly match: (method: string, path: string) => RouteMatch | undefined
}

type Route = {
  readonly fn: RegisteredFunction
  readonly methods: readonly string[]
  readonly template: RouteTemplate
}

/** Builds the table of all functions with an HTTP trigger. */
export function createRouteTable(functions: Iterable<RegisteredFunction>, routePrefix: string): RouteTable {
  const routes: Route[] = []
  const lines: string[] = []
  const faults: string[] = []
  for (const fn of [...functions].filter(isHttp).sort(byName)) {
    // An empty route means the function's own name; the root is `/`.
    const route = fn.trigger.route || fn.name
    const methods = (fn.trigger.methods ?? []).map((method) => method.toUpperCase())
    try {
      rejectReserved(fn.name, route)
      const template = [routePrefix, route].filter((part) => part !== '').join('/')
      routes.push({ fn, methods, template: parseRouteTemplate(template) })
      lines.push(`${fn.name}: ${methods.join(',')} /${template.replace(/^\//, '')}`)
    } catch (fault) {
      faults.push(
        `The function "${fn.name}" is not served. ${fault instanceof Error ? fault.message : fault}`,
      )
    }
  }

  function match(method: string, path: string): RouteMatch | undefined {
    for (const { fn, methods, template } of routes) {
      if (!methods.includes(method)) continue
      const values = template(path)
      if (values) return { fn, values }
    }
    return undefined
  }
  return { lines, faults, match }
}

const isHttp = ({ trigger }: RegisteredFunction): boolean => trigger.type.toLowerCase() === 'httptrigger'

/** Ordinal and without case, which puts `_` after the letters. */
function byName(a: RegisteredFunction, b: RegisteredFunction): number {
  const [left, right] = [a.name.toUpperCase(), b.name.toUpperCase()]
  return left < right ? -1 : left > right ? 1 : 0
}

function rejectReserved(name: string, route: string): void {
  if (!/^[a-z][a-z0-9_-]{0,127}$/i.test(name) || name.toLowerCase() === 'host') {
    throw new SyntaxError('A name begins with a letter and has letters, digits, "-" and "_" only.')
  }
  if (/^(?:admin|runtime)/i.test(route)) {
    throw new SyntaxError(`Its route "${route}" begins with a word the host keeps for itself.`)
  }
}
