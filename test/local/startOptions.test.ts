import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readStartOptions, USAGE } from '../../local/startOptions.ts'

const read = (args: string[], port?: string) => readStartOptions(args, port, '/signet')
const usual = {
  port: 7071,
  useRealHost: false,
  useTls: false,
  useVite: false,
  frontEnd: join('/signet', 'examples/front-end'),
}

describe('npm start', () => {
  it('shows the example at the port of the Functions host, unless told', () => {
    expect(read([])).toEqual(usual)
    expect(read(['--host', 'real'], '8080')).toEqual({ ...usual, port: 8080, useRealHost: true })
    expect(read(['--https'])).toEqual({ ...usual, useTls: true })
  })

  it('stands behind Vite at Vite’s port, with the example or a folder of one’s own', () => {
    expect(read(['--vite'])).toEqual({ ...usual, port: 5173, useVite: true })
    expect(read(['--vite', '../mine'])).toMatchObject({ frontEnd: resolve('../mine') })
    expect(read(['--vite', '--host', 'real'], '3000')).toMatchObject({ port: 3000, frontEnd: usual.frontEnd })
  })

  it.each(['--htps', '--bogus', 'https', '--https=yes', '--host', '--hosts', '-x', '--vite=../mine', ''])(
    'refuses %j, which it does not know, and shows what there is',
    (typo) => {
      expect(() => read(['--vite', '../mine', typo])).toThrow(USAGE)
      expect(() => read([typo])).toThrow(USAGE)
    },
  )

  it('refuses a second folder and another host than the real one', () => {
    expect(() => read(['--vite', '../mine', '../yours'])).toThrow('There is no option ../yours')
    expect(() => read(['--host', 'ours'])).toThrow('--host is followed by real.')
  })

  it('says what to correct', () => {
    for (const port of ['', '0', '65536', '7071x', '-1', '1e3'])
      expect(() => read([], port)).toThrow('PORT must be a number from 1 to 65535.')
    expect(() => read(['--vite', '--https'])).toThrow('leave --https away')
  })
})
