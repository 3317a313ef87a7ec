import { decodePercent } from './decodePercent.ts'

/** The parameters of a query in order of appearance; the map is by name in lower case, as ASP.NET Core compares. */
export type Query = ReadonlyMap<string, { readonly name: string; readonly values: readonly string[] }>

/** Reads `?a=1&b=2`. Of names that differ in case only, the last spelling stands for all. */
export function parseQuery(search: string): Query {
  const query = new Map<string, { name: string; values: string[] }>()
  for (const pair of search.slice(1).split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decodeForm(equals < 0 ? pair : pair.slice(0, equals))
    const value = equals < 0 ? '' : decodeForm(pair.slice(equals + 1))
    const known = query.get(name.toLowerCase())
    if (known) {
      known.name = name
      known.values.push(value)
    } else {
      query.set(name.toLowerCase(), { name, values: [value] })
    }
  }
  return query
}

const decodeForm = (text: string): string => decodePercent(text.replaceAll('+', ' '))
