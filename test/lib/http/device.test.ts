import { expect, it } from 'vitest'
import { deviceOf } from '../../../lib/http/device.ts'
import { signetRequestOf } from '../../support/signetRequestOf.ts'

it.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0',
    'Edge on Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605.1 Version/18.0 Safari/604.1',
    'Safari on iPhone',
  ],
  ['curl/8.0', 'unknown device'],
  ['Something (Macintosh)', 'Mac'],
  ['Firefox/140.0', 'Firefox'],
  [undefined, 'unknown device'],
])('%s is told as %s', (agent, device) => {
  const headers = agent === undefined ? {} : { 'user-agent': agent }

  expect(deviceOf(signetRequestOf({ headers }))).toBe(device)
})
