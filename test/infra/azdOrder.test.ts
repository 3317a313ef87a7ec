/** What azure.yaml asks of azd, held against how azd runs it. */
import { readFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type AzdProject, parseAzureYaml } from '../support/azure/azureYaml.ts'
import { type Azd, openAzd } from '../support/azure/openAzd.ts'

const project = parseAzureYaml(readFileSync('azure.yaml', 'utf8'))

/** Hooks that say ten lines; installing takes a few turns, so that another that may go beside it does. */
function standIn(of: AzdProject = project): Azd {
  return openAzd(of, {
    hook: async (file, show) => show(Array.from({ length: 10 }, (_, i) => `${file} ${i + 1}`).join('\n')),
    provision: async () => {},
    install: async () => {
      for (let turn = 0; turn < 5; turn += 1) await setImmediate()
    },
  })
}

test('azd up packs before it provisions, and has npm install the dependencies once at a time', async () => {
  const azd = standIn()
  await azd.run('up')
  expect(azd.begun).toEqual([
    ...['prepackage', 'package:'],
    ...['preprovision', 'provision:', 'postprovision'],
    ...['prepackage', 'package:', 'deploy:', 'postdeploy'],
  ])
  expect(azd.mostInstalling).toBe(1)
})

test('left to itself, azd would install twice at a time: that is what the steps are for', async () => {
  const { workflows: _, ...alone } = project
  const azd = standIn(alone)
  await azd.run('up')
  expect(azd.mostInstalling).toBe(2)
})

test('a plain azd deploy packs first, and a plain azd provision has its own hooks', async () => {
  const [deploy, provision] = [standIn(), standIn()]
  await deploy.run('deploy')
  expect(deploy.begun).toEqual(['prepackage', 'package:', 'deploy:', 'postdeploy'])
  await provision.run('provision')
  expect(provision.begun).toEqual(['preprovision', 'provision:', 'postprovision'])
  expect(deploy.mostInstalling).toBe(1)
})

test('the report at the end is shown whole, not in the eight lines that azd shows of a hook', async () => {
  const azd = standIn()
  await azd.run('up')
  const linesOf = (name: string): number => azd.screen.filter((line) => line.includes(`/${name}.ts`)).length
  expect([linesOf('postdeploy'), linesOf('postprovision')]).toEqual([10, 8])
})

test.each([
  ['a list of lists', 'up:\n  - - a: b\n'],
  ['a value that goes on below', 'up: a\n  b: c\n'],
  ['a bare word', 'up\n'],
])('the reader of azure.yaml refuses %s', (_what, document) => {
  expect(() => parseAzureYaml(document)).toThrow(/not a/)
})
