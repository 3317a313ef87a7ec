/** The app's settings on a desk: what joins it to the stand-ins is the desk's, everything else is the environment's, faults included. */
import { SETTINGS } from '../lib/config/settings.ts'

/** Set by the desk where the environment says nothing: any other value works as well. */
const OFFERED: ReadonlySet<string> = new Set(['ENTRA_SCOPES', 'DOWNSTREAM_APIS', 'FRONT_END_URL'])

export interface TakenSettings {
  /** Those of the environment that the app gets, over the desk's. */
  readonly settings: Readonly<Record<string, string>>
  /** Which are whose, for a person. */
  readonly lines: readonly string[]
}

/** `ofDesk`: what the desk sets. A variable that is no setting is none of the app's business. */
export function takenSettings(
  ofDesk: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>,
): TakenSettings {
  const names = SETTINGS.map(({ name }) => name as string)
  const isGiven = (name: string): boolean => (environment[name] ?? '') !== ''
  const isOfDesk = (name: string): boolean => Object.hasOwn(ofDesk, name)
  const taken = names.filter((name) => isGiven(name) && (!isOfDesk(name) || OFFERED.has(name)))
  const passedOver = names.filter(
    (name) => isGiven(name) && !taken.includes(name) && environment[name] !== ofDesk[name],
  )
  const line = (label: string, which: readonly string[]): readonly string[] =>
    which.length === 0 ? [] : [`${label}: ${which.join(', ')}`]
  return {
    settings: Object.fromEntries(taken.map((name) => [name, environment[name] ?? ''])),
    lines: [
      ...line(
        'Settings of the desk',
        names.filter((name) => isOfDesk(name) && !taken.includes(name)),
      ),
      ...line('Settings of your environment', taken),
      ...line('Yours that a desk cannot take, because it has its own', passedOver),
    ],
  }
}
