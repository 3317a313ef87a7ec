/**
 * Route templates of ASP.NET Core, as the Functions host uses them: `items/{id:int}/{*rest}`.
 * Literals match in any case; a value never contains a separator, except a catch-all's.
 */
import { parseRouteConstraint, type RouteConstraint } from './routeConstraint.ts'

/** By parameter name; undefined stands for an optional parameter that the path left out. */
export type RouteValues = Readonly<Record<string, string | undefined>>

/** Gives the values when the decoded path matches, else undefined. */
export type RouteTemplate = (path: string) => RouteValues | undefined

type Parameter = {
  readonly name: string
  readonly isCatchAll: boolean
  readonly isOptional: boolean
  readonly defaultValue: string | undefined
  readonly constraints: readonly RouteConstraint[]
}

/** A stretch between slashes: text, one parameter, or both mixed as in `{name}.json`. */
type Segment = { readonly pattern: RegExp; readonly parameters: readonly Parameter[] }

/** Reads a template such as `items/{id:int}`. Throws SyntaxError on what the host would not accept either. */
export function parseRouteTemplate(template: string): RouteTemplate {
  if (template.includes('//')) throw new SyntaxError(`The route "${template}" has an empty segment.`)
  const text = template.replace(/^\/|\/$/g, '')
  const segments = text === '' ? [] : text.split('/').map(parseSegment)
  const parameters = segments.flatMap((segment) => segment.parameters)
  const catchAll = parameters.find(({ isCatchAll }) => isCatchAll)
  if (catchAll && !segments.at(-1)?.parameters.includes(catchAll)) {
    throw new SyntaxError(`In the route "${template}", something follows the catch-all.`)
  }
  const fixed = catchAll ? segments.slice(0, -1) : segments

  return (path) => {
    const values = matchPath(path, fixed, catchAll)
    const isAcceptable = values && parameters.every((parameter) => accepts(parameter, values[parameter.name]))
    return isAcceptable ? values : undefined
  }
}

function matchPath(path: string, fixed: readonly Segment[], catchAll?: Parameter): RouteValues | undefined {
  const given = path.slice(1).split('/')
  const rest = given.slice(fixed.length).join('/')
  if (given.at(-1) === '') given.pop() // one trailing slash counts for nothing, except to a catch-all
  if (given.length > fixed.length && !catchAll) return undefined
  if (given.slice(0, fixed.length + 1).includes('')) return undefined

  const values: Record<string, string | undefined> = {}
  for (const [index, segment] of fixed.entries()) {
    const found = matchSegment(segment, given[index])
    if (!found) return undefined
    Object.assign(values, found)
  }
  if (catchAll) values[catchAll.name] = rest || catchAll.defaultValue
  return values
}

function matchSegment({ pattern, parameters }: Segment, given: string | undefined): RouteValues | undefined {
  if (given === undefined) {
    const [only] = parameters
    const mayBeAbsent = only && (only.isOptional || only.defaultValue !== undefined)
    return mayBeAbsent ? { [only.name]: only.defaultValue } : undefined
  }
  const found = pattern.exec(given)
  return found ? Object.fromEntries(parameters.map(({ name }, index) => [name, found[index + 1]])) : undefined
}

const accepts = ({ constraints }: Parameter, value: string | undefined): boolean => {
  return value === undefined || constraints.every((isAcceptable) => isAcceptable(value))
}

/** In a mixed segment the first parameter takes as much as it can. */
function parseSegment(text: string): Segment {
  const parts = text.split(/\{((?:[^{}]|\{\{|\}\})*)\}/) // text and parameters by turns, text first
  const parameters = parts.filter((_, index) => index % 2 === 1).map(parseParameter)
  const literals = parts.filter((_, index) => index % 2 === 0)
  if (literals.some((literal) => /[{}?*]/.test(literal))) {
    throw new SyntaxError(`The route segment "${text}" is not understood.`)
  }
  const isMixed = parameters.length > 1 || literals.some((literal) => literal !== '')
  if (isMixed && parameters.some(({ isCatchAll, isOptional }) => isCatchAll || isOptional)) {
    throw new SyntaxError(
      `In "${text}", a parameter beside other text can be neither optional nor catch-all.`,
    )
  }
  return { pattern: new RegExp(`^${literals.map(escapeRegExp).join('([^]+)')}$`, 'i'), parameters }
}

/** Reads what stands between the braces: `*name`, `name:int:min(1)`, `name?`, `name=default`. */
function parseParameter(text: string): Parameter {
  const [declaration = '', defaultValue] = splitOutsideParentheses(text, '=')
  const isOptional = declaration.endsWith('?')
  const [starredName = '', ...constraints] = splitOutsideParentheses(
    isOptional ? declaration.slice(0, -1) : declaration,
    ':',
  )
  const [, stars, name] = /^(\*{0,2})([^*?]+)$/.exec(starredName) ?? []
  if (!name) throw new SyntaxError(`The route parameter "{${text}}" has no name.`)
  return {
    name,
    isCatchAll: stars !== '',
    isOptional,
    defaultValue,
    constraints: constraints.map(unescapeBraces).map(parseRouteConstraint),
  }
}

function splitOutsideParentheses(text: string, separator: string): string[] {
  const parts = ['']
  let depth = 0
  for (const character of text) {
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (character === separator && depth === 0) parts.push('')
    else parts.push(`${parts.pop()}${character}`)
  }
  return parts
}

/** Inside a template a brace of a regular expression is written twice. */
const unescapeBraces = (text: string): string => text.replaceAll('{{', '{').replaceAll('}}', '}')

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
