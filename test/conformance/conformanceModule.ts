import type { ErrorCode } from '../../lib/errors/table.ts'
import type { EntraLookAlike } from '../../local/entra/openEntra.ts'
import type { IdTokenFlaw } from '../../local/entra/token/idTokenFlaws.ts'
import type { PlainApi } from '../support/openPlainApi.ts'
import type { World } from '../support/openWorld.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

/** One relying-party module of the OpenID Foundation's conformance suite, as this app meets it. */
export type ConformanceModule = RunModule | LeftOutModule

interface Described {
  /** As the suite calls it. */
  readonly name: string
  /** What the provider does, in a sentence. */
  readonly provider: string
}

export interface RunModule extends Described {
  readonly applies?: true
  /** What is wrong with the ID token, where that is all. */
  readonly flaw?: IdTokenFlaw
  /** Teaches the provider its behaviour; every switch is put back afterwards. */
  readonly arrange?: (stage: Stage) => void
  /** What the person does, in place of signing in once; the last reply decides. */
  readonly course?: (stage: Stage) => Promise<Reply>
  readonly expect: ErrorCode | 'signs in' | 'signs out' | 'calls the API'
  /** What the log says of a refusal: the rule that was broken. */
  readonly rule?: string
  /** Whether the refusal comes before the code is redeemed, */
  readonly isRefusedAtOnce?: true
  /** or after, when a person who is signed in needs another token. */
  readonly isRefusedAtRefresh?: true
  /** What else has to hold at the end. */
  readonly afterwards?: (stage: Stage) => void | Promise<void>
}

export interface LeftOutModule extends Described {
  readonly applies: false
  /** Why, in sentences for the documentation. */
  readonly reason: string
}

export function isRun(module: ConformanceModule): module is RunModule {
  return module.applies !== false
}

/** What a module plays on. */
export interface Stage {
  readonly world: World
  readonly entra: EntraLookAlike
  /** A person at a browser who has not been here before. */
  readonly visitor: Visitor
  /** What the app calls in the person's name. */
  readonly api: PlainApi
}

/** Where every module's sign-in wants to go. */
export const LOGIN = '/auth/login?returnTo=%2Forders'
