import { delimiter, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { programEnv } from '../../../commands/desk/programEnv.ts'

const root = join('/', 'home', 'somebody', 'signet')
const bin = (...folders: string[]): string => join('/', ...folders, 'node_modules', '.bin')
const preload = 'file:///home/somebody/signet/dist/desk-preload.mjs'

function envOf(env: NodeJS.ProcessEnv, desk: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return programEnv({ env, desk, preload, root })
}

describe('a program on the desk', () => {
  it('runs on its owner’s own Node: what npm put before it on the path is gone, and nothing else is', () => {
    const own = [bin('home', 'somebody', 'api'), '/usr/local/bin', '/usr/bin']
    const npms = [
      bin('home', 'somebody', 'signet'),
      bin('home', 'somebody'),
      bin('home'),
      '/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin',
    ]

    expect(envOf({ PATH: [...npms, ...own].join(delimiter) }).PATH).toBe(own.join(delimiter))
  })

  it('does so, too, where the project is reached by a link', () => {
    const linked = join('/', 'tmp', 'link')
    const path = [bin('tmp', 'link'), bin('tmp'), '/usr/bin'].join(delimiter)

    expect(envOf({ PATH: path, npm_package_json: join(linked, 'package.json') }).PATH).toBe('/usr/bin')
  })

  it('has the desk’s settings before its own, and what npm told the command it does not have', () => {
    const env = envOf(
      { ENTRA_CLIENT_ID: 'mine', LOG: 'all', npm_config_prefix: '/', INIT_CWD: '/', NODE: '/node' },
      { ENTRA_CLIENT_ID: 'the desk’s' },
    )

    expect(env).toEqual({
      ENTRA_CLIENT_ID: 'the desk’s',
      LOG: 'all',
      PATH: '',
      NODE_OPTIONS: `--import ${preload}`,
    })
  })

  it('keeps the options that its owner gave Node', () => {
    expect(envOf({ NODE_OPTIONS: '--enable-source-maps' }).NODE_OPTIONS).toBe(
      `--enable-source-maps --import ${preload}`,
    )
  })
})
