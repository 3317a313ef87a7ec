import { expect, test } from 'vitest'
import { isPrivateAddress, seenAddress } from '../../../commands/doctor/seenAddress.ts'

const headers = (value: string) => ({
  get: (name: string) => (name === 'x-ms-keyvault-network-info' ? value : undefined),
})

test.each([
  [
    'in a header of its answer',
    { headers: headers('conn_type=Ipv4;addr=203.0.113.9;act_addr_fam=InterNetwork;') },
  ],
  ['in the header, however it begins', { headers: headers('addr=203.0.113.9') }],
  [
    'in the header of a refusal',
    { response: { headers: headers('addr=203.0.113.9;') }, message: 'Client address: 10.0.0.1' },
  ],
  ['in words', { message: 'not authorized.\r\nClient address: 203.0.113.9\r\nCaller: x' }],
])('the vault tells the address it saw %s', (_where, answer) => {
  expect(seenAddress(answer)).toBe('203.0.113.9')
})

test.each([
  undefined,
  null,
  'text',
  {},
  { headers: {} },
  { headers: headers('conn_type=Ipv6;addr=2001:db8::9;') },
  { message: 'Client address: unknown' },
  { headers: headers('forwarded_addr=203.0.113.9') },
])('an answer that tells none, or none that a rule could take, is %j: nothing is made up', (answer) => {
  expect(seenAddress(answer)).toBeUndefined()
})

test.each([
  ['10.90.0.7', true],
  ['172.31.0.1', true],
  ['192.168.1.1', true],
  ['172.32.0.1', false],
  ['203.0.113.9', false],
])('%s is inside a network: %s', (address, isPrivate) => {
  expect(isPrivateAddress(address)).toBe(isPrivate)
})
