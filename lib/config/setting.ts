/** What a row of the closed table of settings says. */
export interface Setting {
  readonly name: string
  /** Whether it has to be set: always, never, or in the case that it names. */
  readonly required: 'yes' | 'no' | string
  readonly defaultValue: string
  readonly meaning: string
}
