/** What a row of the closed table of errors says. */

/** Who has to act: the person, nobody (an attack or a lost cookie), time, the operator, or us. */
export type ErrorKind = 'user' | 'forged' | 'upstream' | 'setup' | 'bug'

/** The five screens a person can meet instead of the page they wanted. */
export type Screen = 'startAgain' | 'busy' | 'ourFault' | 'noAccess' | 'cancelled'

export interface ErrorRow {
  readonly kind: ErrorKind
  readonly status: number
  readonly screen: Screen
  /** One or two sentences for the person in front of the screen. */
  readonly userText: string
  /** What it goes on with where more is known, by the rule that was broken, or by who meets it: `signed-in`, or `signing-in`. */
  readonly userTextOfRule?: Readonly<Record<string, string>>
  /** One sentence for whoever runs the service. */
  readonly operatorAction: string
}
