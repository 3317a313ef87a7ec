/** What came of a question to Signet that failed, in words for the person. */
export interface Told {
  readonly message: string
  /** By which whoever runs the service finds what happened. */
  readonly correlationId?: string
  /** Where the person signs in, and comes back to this page. */
  readonly signInAt?: string
  /** Whether nothing answered at all. */
  readonly isUnreached: boolean
}

/** The client rejects as `fetch` does where nothing was reached, and else with the answer as `cause`; not every answer is Signet's. */
export function told(fault: unknown): Told {
  const answer: unknown = fault instanceof Error ? fault.cause : undefined
  if (typeof answer !== 'object' || answer === null)
    return { message: 'The sign-in service cannot be reached. Nothing is lost.', isUnreached: true }
  const { message, correlationId, loginUrl } = answer as Readonly<Record<string, unknown>>
  return {
    message:
      typeof message === 'string'
        ? message
        : 'Something answered that is not the sign-in service. Nothing is lost.',
    ...(typeof correlationId === 'string' ? { correlationId } : {}),
    ...(typeof loginUrl === 'string' ? { signInAt: comingBack(loginUrl) } : {}),
    isUnreached: false,
  }
}

/** An address of sign-in on this origin, with the way back to this page; it may have parameters already. */
export function comingBack(loginUrl: string): string {
  const url = new URL(loginUrl, location.origin)
  url.searchParams.set('returnTo', location.pathname + location.search)
  return url.pathname + url.search
}
