/**
 * The pages of docs/errors, made of the closed table: one for each code, at the path that the code itself is. What the table does not
 * know, where a code is thrown, is read off the source.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { AppError } from '../../lib/errors/appError.ts'
import type { ErrorKind, Screen } from '../../lib/errors/row.ts'
import { ERRORS, type ErrorCode } from '../../lib/errors/table.ts'
import { LIBRARY_ERRORS } from '../../lib/exports/errors.ts'
import { DEVICE_NOTES } from './errorNotes/device.ts'
import { ENTRA_NOTES } from './errorNotes/entra.ts'
import type { ErrorNote } from './errorNotes/errorNote.ts'
import { FRONT_END_NOTES } from './errorNotes/frontEnd.ts'
import { GRAPH_NOTES } from './errorNotes/graph.ts'
import { LOCAL_KEY_NOTES } from './errorNotes/localKey.ts'
import { REQUEST_NOTES } from './errorNotes/request.ts'
import { ROTATION_NOTES } from './errorNotes/rotation.ts'
import { SIGN_IN_NOTES } from './errorNotes/signIn.ts'
import { VAULT_NOTES } from './errorNotes/vault.ts'

/** A code without a note does not compile. */
const NOTES: Readonly<Record<ErrorCode, ErrorNote>> = {
  ...VAULT_NOTES,
  ...LOCAL_KEY_NOTES,
  ...ENTRA_NOTES,
  ...SIGN_IN_NOTES,
  ...DEVICE_NOTES,
  ...GRAPH_NOTES,
  ...ROTATION_NOTES,
  ...REQUEST_NOTES,
  ...FRONT_END_NOTES,
}

const CODES = Object.keys(ERRORS) as ErrorCode[]

const WHO_ACTS: Readonly<Record<ErrorKind, string>> = {
  user: 'the person, or whoever wrote the link or the client',
  forged: 'nobody: an attack, or a cookie that got lost',
  upstream: 'time',
  setup: 'the operator',
  bug: 'us',
}

const SCREENS: Readonly<Record<Screen, string>> = {
  startAgain: 'a screen with a way to start again',
  busy: 'a screen to try again from, with `Retry-After`',
  ourFault: 'a screen that says whose fault it is and whom to ask',
  noAccess: 'a screen that offers another account',
  cancelled: 'a screen with the way back in',
}

/** Where the words of the table are kept, or a screen's heading is chosen: nothing arises there. */
const NOT_A_PLACE = /^lib\/(errors|exports)\/|^lib\/http\/pages\//

/** Every page of docs/errors by its path from the root of the project. */
export function errorPages(root: string): ReadonlyMap<string, string> {
  const sources = sourcesOf(root)
  const pages = CODES.map((code) => [`docs/errors/${code}.md`, errorPage(code, sources)] as const)
  return new Map([['docs/errors/README.md', overview()], ...pages])
}

function errorPage(code: ErrorCode, sources: ReadonlyMap<string, string>): string {
  const { kind, status, screen, operatorAction, userTextOfRule = {} } = new AppError(code).row
  const { arises, look } = NOTES[code]
  const places = [...sources].filter(([, text]) => text.includes(`'${code}'`)).map(([path]) => path)
  const texts = new Set([
    new AppError(code).userText,
    ...Object.keys(userTextOfRule).map((rule) => new AppError(code, { rule }).userText),
  ])
  return `${[
    `# \`${code}\``,
    arises,
    `| | |\n|---|---|\n| status | ${status} |\n| who has to act | ${WHO_ACTS[kind]} (\`${kind}\`) |\n| what the person meets | ${SCREENS[screen]} |\n| from the library too | ${isOfLibrary(code) ? 'yes' : 'no'} |`,
    `## What the person reads\n\n${[...texts].map((text) => `> ${text}`).join('\n>\n')}`,
    `## What the operator does\n\n${operatorAction}`,
    `## What to look at\n\n${[logLine(code), ...look].map((line) => `* ${line}`).join('\n')}`,
    `## Where it arises\n\n${places.map((path) => `* [\`${path}\`](../../../${path})`).join('\n')}`,
    `Made of [the table](../../../lib/errors/table.ts) by \`npm run docs\`; [all codes](../README.md).`,
  ].join('\n\n')}\n`
}

function logLine(code: ErrorCode): string {
  return code === 'config/invalid'
    ? 'The line is written when the app starts, not by a request.'
    : `The log line \`request\` with the correlation id that the person sees, and \`outcome\` \`${code}\`: [what the log says](../../operate.md#what-the-log-says).`
}

function overview(): string {
  const rows = CODES.map(
    (code) => `| [\`${code}\`](${code}.md) | ${ERRORS[code].status} | \`${ERRORS[code].kind}\` |`,
  )
  return `# Every error, a page each

A screen of the app shows a correlation id and a code. The correlation id is that of the log line; the code is the path of its page here. With
\`HELP_URL\` the screens also lead to a place that the operator names, such as a copy of these pages:
[why not by themselves](../decisions/0010-screens-lead-where-the-operator-says.md).

Made of [the table](../../lib/errors/table.ts) by \`npm run docs\`.

| code | status | kind |
|---|---|---|
${rows.join('\n')}
`
}

function isOfLibrary(code: ErrorCode): boolean {
  return LIBRARY_ERRORS.some((one) => one === code)
}

/** The files of the product that a code can arise in, by path. */
function sourcesOf(root: string): ReadonlyMap<string, string> {
  const names = readdirSync(posix.join(root, 'lib'), { recursive: true, encoding: 'utf8' })
  const paths = names.map((name) => posix.join('lib', name.replaceAll('\\', '/'))).sort()
  return new Map(
    paths
      .filter((path) => path.endsWith('.ts') && !NOT_A_PLACE.test(path))
      .map((path) => [path, readFileSync(posix.join(root, path), 'utf8')]),
  )
}
