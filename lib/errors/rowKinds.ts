/** Rows of the closed table that say the same of many faults, each but for what the operator does. */

/** Said to whoever signs in and to whoever is signed in: it speaks of neither. */
export const OUR_FAULT = 'This could not be done. The fault is on our side and has been recorded.'

/** A dependency that is away for now: worth another try. */
export const busy = (operatorAction: string) =>
  ({
    kind: 'upstream',
    status: 503,
    screen: 'busy',
    userText: 'This service is briefly unavailable. Nothing is lost: please try again in a moment.',
    operatorAction,
  }) as const

/** Something only the operator can put right: trying again would not help. */
export const ourFault = (operatorAction: string, userText: string = OUR_FAULT) =>
  ({ kind: 'setup', status: 500, screen: 'ourFault', userText, operatorAction }) as const

/** Something that the person, or whoever wrote the link, can do otherwise. */
export const startAgain = <Status extends number>(status: Status, userText: string, operatorAction: string) =>
  ({ kind: 'user', status, screen: 'startAgain', userText, operatorAction }) as const
