/** The command was called in a way that cannot work; the message says so to whoever called it. */
export class UsageFault extends Error {
  override readonly name = 'UsageFault'
}
