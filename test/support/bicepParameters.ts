/** The compiler's own answer to what parameters are: texts in, values out, through a parameter file that uses no template. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { INFRA } from './infraCopy.ts'

const run = promisify(execFile)

/** The values of a parameter file's parameters in this environment, and nothing else of ours. Rejects with the compiler's words. */
export async function parametersOf(
  compiler: string,
  file: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, unknown>>> {
  const { stdout } = await run(compiler, ['build-params', '--stdout', file], {
    env: { HOME: homedir(), ...env },
    maxBuffer: 64 * 1_048_576,
  })
  const { parametersJson } = JSON.parse(stdout) as { readonly parametersJson: string }
  const { parameters } = JSON.parse(parametersJson) as {
    parameters: Record<string, { readonly value?: unknown }>
  }
  return Object.fromEntries(Object.entries(parameters).map(([name, { value }]) => [name, value]))
}

/** What expressions come to, all in one run, with functions imported from a template of `infra/`. */
export async function evaluate(
  compiler: string,
  { from, functions }: { readonly from: string; readonly functions: readonly string[] },
  expressions: readonly string[],
): Promise<readonly unknown[]> {
  const folder = mkdtempSync(join(tmpdir(), 'signet-bicep-'))
  try {
    const file = join(folder, 'evaluate.bicepparam')
    // The compiler takes no absolute path.
    const template = relative(folder, join(INFRA, from))
    const head = ['using none', `import { ${functions.join(', ')} } from '${template}'`]
    writeFileSync(file, [...head, 'param values = [', ...expressions, ']'].join('\n'))
    const { values } = await parametersOf(compiler, file)
    return values as readonly unknown[]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A text as the literal of a Bicep string. */
export function bicepText(text: string): string {
  const characters = [...text].map((character) => {
    if (character === "'" || character === '\\' || character === '$') return `\\${character}`
    return /[ -~]/.test(character) ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`
  })
  return `'${characters.join('')}'`
}
