/** infra/README.md, from what the templates say of themselves. Pure. */

/** One template: its source, and what the compiler made of it. */
export interface TemplateText {
  /** Path below `infra/`. */
  readonly file: string
  readonly source: string
  /** The template as JSON. */
  readonly compiled: string
  /** Where each parameter comes from: the text of a parameter file. */
  readonly parameterFile: string
}

export interface Scenario {
  readonly name: string
  /** Texts of its parameter files, and how many resources each is predicted to make. */
  readonly parts: readonly { readonly file: string; readonly text: string; readonly resources: number }[]
}

interface Parameter {
  readonly type?: string
  readonly $ref?: string
  readonly items?: { readonly type?: string; readonly $ref?: string }
  readonly nullable?: boolean
  readonly allowedValues?: readonly unknown[]
  readonly minValue?: number
  readonly maxValue?: number
  readonly metadata?: { readonly description?: string }
}

interface Compiled {
  readonly metadata?: { readonly name?: string; readonly description?: string }
  readonly parameters?: Readonly<Record<string, Parameter>>
  readonly outputs?: Readonly<Record<string, Parameter>>
}

const INTRODUCTION = `# The templates

Written by \`npx vitest run test/infra -u\` from the templates and parameter files themselves, and checked by every other run. How they are
deployed, and what the choices mean: [docs/deploy.md](../docs/deploy.md).`

export function infraReadme(templates: readonly TemplateText[], scenarios: readonly Scenario[]): string {
  const parts = [
    INTRODUCTION,
    ...templates.map(templateSection),
    '## Scenarios',
    'Each is a pair of parameter files in [`params`](params), one for the resources and one for what makes them a running app, with the\nresources that the compiler predicts beside it. Tests hold every scenario against the same rules.',
    ...scenarios.map(scenarioSection),
  ]
  return `${parts.join('\n\n')}\n`
}

function templateSection({ file, source, compiled, parameterFile }: TemplateText): string {
  const { metadata, parameters = {}, outputs = {} } = JSON.parse(compiled) as Compiled
  const rows = Object.entries(parameters).map(([name, parameter]) => [
    code(name),
    code(typeOf(parameter)),
    defaultOf(name, source),
    code(variableOf(name, parameterFile)),
    sentence(parameter),
  ])
  const given = Object.entries(outputs).map(([name, output]) => [code(name), sentence(output)])
  return [
    `## \`${file}\``,
    metadata?.description ?? '',
    table(['parameter', 'type', 'default', 'read from', 'what'], rows),
    ...(given.length === 0 ? [] : [table(['output', 'what'], given)]),
  ].join('\n\n')
}

function scenarioSection({ name, parts }: Scenario): string {
  return [`### ${name}`, ...parts.map(partOf)].join('\n\n')
}

function partOf({ file, text, resources }: Scenario['parts'][number]): string {
  const lines = text.split('\n')
  const comment = lines.filter((line) => line.startsWith('// ')).map((line) => line.slice(3))
  const purpose = comment.join(' ').replace(/^[\w-]+: /, '')
  const values = lines
    .filter((line) => !line.startsWith('//') && !line.startsWith('using '))
    .join('\n')
    .trim()
  const heading = `[\`${file}\`](params/${file}), ${resources} resources: ${purpose}`
  return `${heading}\n\n\`\`\`bicep\n${values}\n\`\`\``
}

function typeOf({ type, $ref, items }: Parameter): string {
  if (type === 'array') return `${items?.type ?? nameOf(items?.$ref)}[]`
  return type ?? nameOf($ref)
}

function nameOf(reference = 'object'): string {
  return reference.split('/').at(-1)?.split('.').at(-1) ?? reference
}

/** As it stands in the source. */
function defaultOf(name: string, source: string): string {
  const [, type = '', value] = new RegExp(`^param ${name} (\\S+)(?: = (.+))?$`, 'm').exec(source) ?? []
  if (value !== undefined) return code(value.replace(/^'([^$]*)'$/, '$1'))
  return type.endsWith('?') ? 'none' : '*required*'
}

/** The variable whose value it is, in either kind of parameter file. */
function variableOf(name: string, parameterFile: string): string {
  const inJson = new RegExp(`"${name}": \\{\\s*"value": "\\$\\{(\\w+)\\}"`).exec(parameterFile)?.[1]
  return (
    inJson ??
    new RegExp(`^param ${name} = .*?readEnvironmentVariable\\('(\\w+)'`, 'm').exec(parameterFile)?.[1] ??
    ''
  )
}

function sentence({ metadata, allowedValues, minValue, maxValue }: Parameter): string {
  const limits = [
    ...(allowedValues === undefined
      ? []
      : [`One of ${allowedValues.map((one) => code(String(one))).join(', ')}.`]),
    ...(minValue === undefined
      ? []
      : [`At least ${minValue}${maxValue === undefined ? '' : `, at most ${maxValue}`}.`]),
  ]
  return [metadata?.description ?? '', ...limits].join(' ')
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heading, heading.map(() => '---'), ...rows]
  return lines
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n')
}
