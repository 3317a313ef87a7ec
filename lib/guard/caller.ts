/** Who calls, once the guard has accepted the token: everything here was signed by Entra and judged. */
import type { Guid } from '../config/settingsReader.ts'

interface AnyCaller {
  /** The tenant that issued the token. (`tenantId`, `objectId`) identifies the caller for good; names and e-mails do not. */
  readonly tenantId: Guid
  readonly objectId: string
  /** The client that called: one of those on the guard's list. */
  readonly clientId: string
  readonly tokenVersion: '1.0' | '2.0'
  /** The claim that said `2`: the client proved itself by an assertion and not by a secret. */
  readonly clientProof: 'azpacr' | 'appidacr'
  /** App roles: of the person in a user's token, of the client in an application's. */
  readonly roles: readonly string[]
  readonly expiresAtMs: number
  /** SHA-256 of the client certificate (`x5t#S256`) that the token is bound to and the connection showed. Absent for a bearer token. */
  readonly boundTo?: string
  /** Every claim of the token, for what the guard does not read: `acrs`, `xms_cc`, optional claims. */
  readonly claims: Readonly<Record<string, unknown>>
}

/** A person, through a client. */
export interface UserCaller extends AnyCaller {
  readonly kind: 'user'
  /** What the client may do for the person (`scp`). */
  readonly scopes: readonly string[]
}

/** A client on its own behalf (client credentials). */
export interface AppCaller extends AnyCaller {
  readonly kind: 'app'
}

export type Caller = UserCaller | AppCaller
