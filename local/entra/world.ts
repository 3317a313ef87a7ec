import type { BrowserSession } from './authorize/signedInAccount.ts'
import type { Application } from './directory/application.ts'
import type { Consents } from './directory/consents.ts'
import type { Person } from './directory/person.ts'
import type { Tenant } from './directory/tenant.ts'
import type { SignatureUse } from './signatures.ts'
import type { SigningKeys } from './signingKeys.ts'
import type { SwitchBoard } from './switches.ts'
import type { IssuedCode, RefreshGrant } from './token/userGrant.ts'
import type { RawRequest } from './wire/listen.ts'
import type { Reply } from './wire/reply.ts'

/** Somebody else's pages on the same port, under a path of their own. */
export type Guest = {
  readonly path: `/${string}`
  readonly answer: (request: RawRequest) => Reply | Promise<Reply>
}

/** All the look-alike knows and remembers; every endpoint is a function of it and of one request. */
export type World = {
  readonly origin: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** The first is the one the look-alike was opened for. */
  readonly tenants: readonly [Tenant, ...Tenant[]]
  readonly people: readonly Person[]
  readonly applications: Map<string, Application>
  readonly consents: Consents
  readonly signingKeys: SigningKeys
  readonly switches: SwitchBoard
  /** By cookie value. */
  readonly browserSessions: Map<string, BrowserSession>
  /** By code; redeemed ones stay, so that a second redemption is recognised. */
  readonly codes: Map<string, IssuedCode>
  /** By refresh token. */
  readonly refreshGrants: Map<string, RefreshGrant>
  /** By object id: when all that person's grants were revoked. */
  readonly revocations: Map<string, number>
  /** Object ids of people whose account is disabled. */
  readonly disabled: Set<string>
  /** `jti` of every client assertion accepted so far. */
  readonly seenAssertions: Set<string>
  /** Every assertion and proof so far, by the key that signed it; oldest first. */
  readonly signatures: SignatureUse[]
  /** Each answers everything under its path, which is not of the look-alike itself; unlogged. */
  readonly guests: Guest[]
  /** The guest whose `{path}/{sign-in}` tells one sign-in. */
  watcher: Guest | undefined
}
