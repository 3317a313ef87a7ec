/**
 * What a predicted value becomes in the public cloud: the few things only a deployment knows, filled in by examples, and the
 * remaining `format` calls evaluated. Throws on an expression it does not know, rather than compare half of one.
 */
const EXAMPLES: readonly (readonly [pattern: RegExp, value: string])[] = [
  [/environment\(\)\.suffixes\.keyvaultDns/g, '.vault.azure.net'],
  [/environment\(\)\.suffixes\.storage/g, 'core.windows.net'],
  [/environment\(\)\.authentication\.loginEndpoint/g, 'https://login.microsoftonline.com/'],
  [propertyOf('userAssignedIdentities', 'clientId'), '00000000-0000-4000-8000-0000000000d1'],
  [propertyOf('sites', 'defaultHostName'), 'func-example.azurewebsites.net'],
]
const FORMAT_CALL = /format\(('(?:[^']|'')*'(?:, '(?:[^']|'')*')*)\)/

/** The value of an expression, or of a plain string. */
export function deployed(value: unknown): string {
  const text = String(value)
  if (!/^\[[^[]/.test(text)) return text
  let expression = text.slice(1, -1)
  for (const [pattern, example] of EXAMPLES) expression = expression.replace(pattern, `'${example}'`)
  for (let call = FORMAT_CALL.exec(expression); call !== null; call = FORMAT_CALL.exec(expression)) {
    expression = expression.replace(call[0], `'${formatted(call[1] ?? '')}'`)
  }
  const literal = /^'((?:[^']|'')*)'$/.exec(expression)?.[1]
  if (literal === undefined) throw new Error(`not known before a deployment: ${expression}`)
  return literal.replaceAll("''", "'")
}

function formatted(args: string): string {
  const [template = '', ...values] = [...args.matchAll(/'((?:[^']|'')*)'/g)].map((match) => match[1] ?? '')
  return template.replace(/\{(\d+)\}/g, (_, index: string) => values[Number(index)] ?? '')
}

/** The reference to a property of a resource that is there when the template is deployed. */
function propertyOf(type: string, property: string): RegExp {
  return new RegExp(`reference\\('[^']*/${type}/[^']*', '[^']*'\\)\\.${property}\\b`, 'g')
}
