/** Whether a decoded route value is acceptable. */
export type RouteConstraint = (value: string) => boolean

const matches =
  (pattern: RegExp): RouteConstraint =>
  (value) =>
    pattern.test(value)
const integer = /^[+-]?\d+$/
const isIntegerBetween = (min: bigint, max: bigint): RouteConstraint => {
  return (value) => integer.test(value) && BigInt(value) >= min && BigInt(value) <= max
}
const isLengthBetween = (min: number, max: number): RouteConstraint => {
  return (value) => value.length >= min && value.length <= max
}
const minInt64 = -(2n ** 63n)
const maxInt64 = 2n ** 63n - 1n
const isGuid = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i

const constraints: Record<string, (...args: string[]) => RouteConstraint> = {
  alpha: () => matches(/^[a-z]*$/i),
  bool: () => matches(/^(?:true|false)$/i),
  guid: () => matches(isGuid),
  int: () => isIntegerBetween(-(2n ** 31n), 2n ** 31n - 1n),
  long: () => isIntegerBetween(minInt64, maxInt64),
  min: (min = '') => isIntegerBetween(BigInt(min), maxInt64),
  max: (max = '') => isIntegerBetween(minInt64, BigInt(max)),
  range: (min = '', max = '') => isIntegerBetween(BigInt(min), BigInt(max)),
  length: (min = '', max = min) => isLengthBetween(Number(min), Number(max)),
  minlength: (min = '') => isLengthBetween(Number(min), Number.POSITIVE_INFINITY),
  maxlength: (max = '') => isLengthBetween(0, Number(max)),
  regex: (...pattern) => matches(new RegExp(pattern.join(','), 'i')),
  required: () => (value) => value !== '',
}

/** Reads one constraint of a route parameter, such as `int` or `length(2,8)`. Throws on one it does not know. */
export function parseRouteConstraint(text: string): RouteConstraint {
  const [, name = '', args] = /^(\w+)(?:\((.*)\))?$/.exec(text) ?? []
  const known = name.toLowerCase()
  const build = Object.hasOwn(constraints, known) ? constraints[known] : undefined
  if (!build) throw new SyntaxError(`The route constraint "${text}" is unknown.`)
  return build(...(args?.split(',') ?? []))
}
