/** Why a hook stops, for the person who runs the deployment: what was seen, and what to do about it, as commands to copy. */
export class HookFault extends Error {
  /** One line each. */
  readonly fixes: readonly string[]

  constructor(seen: string, fixes: readonly string[], options?: ErrorOptions) {
    super(seen, options)
    this.name = 'HookFault'
    this.fixes = fixes
  }
}
