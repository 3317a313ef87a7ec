/** Where a screen of a fault leads people on, as the operator names it: a help desk, a page of their own, a copy of docs/errors. */
import { judgeUrl } from './judgeUrl.ts'
import type { SettingsReader } from './settingsReader.ts'

/** Scheme and host stand as they are; what may differ from fault to fault comes after them. */
const FORM = /^https?:\/\/[^/?#{}]+(?:[/?#][\x21-\x7e]*)?$/i

/** With `{code}` and `{correlationId}` still in it; undefined where there is none. */
export function readHelpUrl(read: SettingsReader): string | undefined {
  const template = read.optionalText('HELP_URL')
  if (template === '') return undefined
  const filled = helpAddress(template, { code: 'a/b', correlationId: '0' })
  const [base = ''] = filled.split(/[?#]/)
  if (!FORM.test(template) || /[{}\\]/.test(filled))
    read.fault(
      'HELP_URL',
      'must be an https URL, with {code} and {correlationId} behind its host if anywhere',
    )
  else for (const what of judgeUrl(base).faults) read.fault('HELP_URL', what)
  return template
}

/** The address for one fault. Both values are ours, and of characters that path and query take as they are. */
export function helpAddress(
  template: string,
  { code, correlationId }: { readonly code: string; readonly correlationId: string },
): string {
  return template.replaceAll('{code}', code).replaceAll('{correlationId}', correlationId)
}
