/** What the table of errors has an operator do, said to whoever typed a command: to them there is no app that starts, and no log but the line above. Pure. */
import { ERRORS, type ErrorCode } from '../lib/errors/table.ts'

const TO_A_PERSON: Partial<Record<ErrorCode, string>> = {
  'bug/unexpected': 'This is a fault of the command: report it with the line above.',
}

export function adviceOf(code: ErrorCode): string {
  return TO_A_PERSON[code] ?? ERRORS[code].operatorAction.replace(/\bthe log\b/g, 'the line above')
}

/** Where the settings of a command come from; `hasDesk`: it can do without any, on the desk of `npm start`. */
export function whereSettingsAre({ hasDesk }: { readonly hasDesk: boolean }): string {
  const sources =
    'A command has its settings from the environment, or from a file: --settings <file> ("azd env get-values > signet.env" writes one).'
  return hasDesk ? `${sources}\nWithout a tenant: start a desk with "npm start", and say --desk.` : sources
}
