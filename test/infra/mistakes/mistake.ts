/** A wrong word in a template, and what the compiler or the invariants have to say about it. */
export interface Mistake {
  readonly what: string
  readonly file: string
  readonly right: string
  readonly wrong: string
  readonly finding: RegExp
}
