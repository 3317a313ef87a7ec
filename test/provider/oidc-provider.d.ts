/** As much of `oidc-provider`, which brings no types, as is used here. */
declare module 'oidc-provider' {
  import type { EventEmitter } from 'node:events'
  import type { IncomingMessage, ServerResponse } from 'node:http'

  /** One kind of thing in the provider's database. */
  export interface Adapter {
    upsert(id: string, payload: Payload, expiresInSec?: number): Promise<void>
    find(id: string): Promise<Payload | undefined>
    findByUid(uid: string): Promise<Payload | undefined>
    findByUserCode(userCode: string): Promise<Payload | undefined>
    consume(id: string): Promise<void>
    destroy(id: string): Promise<void>
    revokeByGrantId(grantId: string): Promise<void>
  }

  export interface Payload {
    readonly uid?: string
    readonly userCode?: string
    readonly grantId?: string
    consumed?: number
    readonly [member: string]: unknown
  }

  export interface Interaction {
    readonly uid: string
    readonly prompt: { readonly name: string }
  }

  export class Grant {
    constructor(of: { readonly clientId: string; readonly accountId: string })
    addOIDCScope(scope: string): void
    save(): Promise<string>
  }

  /** What the provider hands to the functions of its configuration. */
  export interface Context {
    type: string
    body: unknown
    readonly oidc: {
      readonly route: string
      readonly client?: { readonly clientId: string }
      readonly session?: { readonly accountId?: string }
    }
  }

  /** A fault of a request, with what the provider tells nobody but its own log. */
  export interface RequestFault extends Error {
    readonly error_description?: string
    readonly error_detail?: string
  }

  export default class Provider extends EventEmitter {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>)
    readonly Grant: typeof Grant
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: Readonly<Record<string, unknown>>,
    ): Promise<void>
  }
}
