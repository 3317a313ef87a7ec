/** What our host makes of a Host header and of a request line that names a host. */
import { expect, it } from 'vitest'
import { isHostHeader } from '../../local/host/hostHeader.ts'
import { originForm } from '../../local/host/requestTarget.ts'

it.each([
  ['app.example', true],
  ['localhost:7900', true],
  ['[::1]:7900', true],
  ['', false],
  [' ', false],
  [':7900', false],
])('a Host %j is one: %s', (host, expected) => {
  expect(isHostHeader(host)).toBe(expected)
})

it.each([
  ['http://localhost:7900/auth/session?a=b', 'localhost:7900', '/auth/session?a=b'],
  ['http://LOCALHOST:7900', 'localhost:7900', '/'],
  ['http://localhost:7900?a', 'localhost:7900', '/?a'],
  ['HTTP://app.example:80/x', 'app.example', '/x'],
  ['https://app.example:443/x', 'app.example', '/x'],
])('the absolute form %s is the path it names, at the host %s', (target, host, path) => {
  expect(originForm(target, host)).toBe(path)
})

it.each([
  ['http://other.example/x', 'app.example'],
  ['http://app.example:8080/x', 'app.example'],
  ['http://user@app.example/x', 'app.example'],
  ['ftp://app.example/x', 'app.example'],
  ['http:///x', ''],
  ['/x', 'app.example'],
  ['*', 'app.example'],
])('the target %s at the host %s stays as it is', (target, host) => {
  expect(originForm(target, host)).toBe(target)
})
