import { expect, it } from 'vitest'
import { mounted } from '../../../lib/http/route.ts'
import { configOf } from '../../support/configOf.ts'

it.each([
  ['', 'auth/login'],
  ['/app', 'app/auth/login'],
])('a route below the base path %j is %s, without a slash before it', (basePath, route) => {
  const config = configOf(basePath === '' ? {} : { BASE_PATH: basePath })

  expect(mounted({ config }, 'auth/login')).toBe(route)
})
