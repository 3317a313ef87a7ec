/** `signet-entra/client`: the browser's side of a session. Importing it does nothing; docs/client.md explains it. */
export { type Listener, on, type SignetEvent, type SignetEvents } from './events.ts'
export { fetch } from './fetch.ts'
export { renew, session } from './session.ts'
export type { Session, SignedIn, SignedOut } from './sessionAnswer.ts'
export { endSessions, type OwnSession, sessions } from './sessions.ts'
export { type SignInWishes, signIn } from './signIn.ts'
export { signOut } from './signOut.ts'
