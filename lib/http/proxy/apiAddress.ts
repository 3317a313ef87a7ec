/**
 * Addresses of an API as the browser may know them. What lies under the API's own address is called by `/api/{name}/…`; whatever else an
 * answer names stays with us: another host, another path, or one that a request could not have. Pure.
 */
import type { DownstreamApi } from '../../config/downstreamApi.ts'
import { isPlainRest } from './apiPath.ts'
import { type Link, parseLinks, writeLinks } from './linkHeader.ts'

/** An API by its name, and the address that was asked: relative references of its answer start there. */
export interface AskedApi {
  readonly name: string
  readonly api: DownstreamApi
  readonly url: string
}

/** The one address that a path under an API means: always under that API's own address. */
export function apiUrl({ url }: DownstreamApi, rest: string, search: string): string {
  return `${url}${rest}${search}`
}

/** The path of ours that a URI reference of an answer means (RFC 3986 section 5); undefined where there is none. */
export function ownAddress(reference: string, { name, api, url }: AskedApi): string | undefined {
  const target = isReference(reference) ? URL.parse(reference, url) : null
  if (target === null || target.username !== '' || target.password !== '') return undefined
  const own = new URL(api.url)
  const prefix = own.pathname.replace(/\/$/, '')
  const rest = target.pathname.slice(prefix.length)
  const isUnder = target.pathname.startsWith(prefix) && (rest === '' || rest.startsWith('/'))
  if (target.origin !== own.origin || !isUnder || !isPlainRest(rest)) return undefined
  return `/api/${name}${rest}${target.search}${target.hash}`
}

/** A Link header with addresses of ours; undefined where no link is left. */
export function ownLinks(field: string, asked: AskedApi): string | undefined {
  const links = parseLinks(field).flatMap((link) => ownLink(link, asked))
  return links.length === 0 ? undefined : writeLinks(links)
}

/** A link about something else than what was asked (`anchor`, RFC 8288 section 3.2) has two addresses. */
function ownLink({ target, parameters }: Link, asked: AskedApi): Link[] {
  const own = ownAddress(target, asked)
  const mapped = parameters.map(({ name, value }) => ({
    name,
    value: name === 'anchor' && value !== undefined ? ownAddress(value, asked) : value,
  }))
  const isForeign = mapped.some(({ name, value }) => name === 'anchor' && value === undefined)
  return own === undefined || isForeign ? [] : [{ target: own, parameters: mapped }]
}

/** The URL parser forgives what no reference holds: blanks, line breaks, backslashes, two fields that were joined. */
function isReference(text: string): boolean {
  return /^[!#-;=?-[\]-~]*$/.test(text)
}
