import { readdirSync, readFileSync } from 'node:fs'

const FUNCTIONS = new URL('../../functions/', import.meta.url)

/** The paths that the functions declare, as a browser would ask for them. */
export function declaredRoutes(): string[] {
  return readdirSync(FUNCTIONS).flatMap((file) => {
    const route = /\broute: (?:mounted\(theApp\(\), )?'([^']*)'/.exec(
      readFileSync(new URL(file, FUNCTIONS), 'utf8'),
    )?.[1]
    return route === undefined ? [] : [`/${route.replace(/^\//, '')}`]
  })
}
