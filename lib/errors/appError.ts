/** The one error class: it carries a row of the closed table. */
import type { LogFacts } from '../base/effects.ts'
import type { ErrorRow } from './row.ts'
import { ERRORS, type ErrorCode } from './table.ts'

/** How a sign-in without a question ended that did not succeed: told to the front end's pages. */
export interface SilentFailure {
  /** Whether one with the person at the window may succeed. */
  readonly outcome: 'sign-in-needed' | 'failed'
  /** Entra's name for the error, of a closed list, or else the code of the fault. */
  readonly code: string
  /** Of the transaction, which is over with it. */
  readonly handle?: string
}

/**
 * What the place of the fault adds to the table's row. `detail`, `cause` and `facts` are for the log, but for the methods that
 * `http/method_not_allowed` names in its detail; the rest is for the person, and `rule` only chooses among the words of the row.
 */
export interface ErrorContext {
  readonly detail?: string
  readonly cause?: unknown
  /** What the log line names besides: who proved the client, what Entra called the error. */
  readonly facts?: LogFacts
  /** Which rule was broken, or who meets it, where the row has words for that. */
  readonly rule?: string
  readonly retryAfterSec?: number
  /** It speaks of this one grant: the next token request need not meet it. */
  readonly ofGrant?: boolean
  /** Where the person was going; the screen's button keeps it. */
  readonly returnTo?: string
  /** What else that button asks for: parameters of `/auth/login` by name. */
  readonly loginParameters?: Readonly<Record<string, string>>
  /** The screen asks for the same address again by itself after so long. */
  readonly reloadAfterSec?: number
  /** Claims JSON that Entra demands to be satisfied in a new sign-in (a claims challenge). */
  readonly claims?: string
  /** Name of a cookie that came and opens nothing: the reply removes it. */
  readonly staleCookie?: string
  /** It befell a sign-in without a question. */
  readonly silent?: SilentFailure
}

/** A fault with a code of the closed table. Its message is for logs. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly context: ErrorContext

  constructor(code: ErrorCode, context: ErrorContext = {}) {
    super(context.detail === undefined ? code : `${code}: ${context.detail}`, { cause: context.cause })
    this.name = 'AppError'
    this.code = code
    this.context = context
  }

  get row(): ErrorRow {
    return ERRORS[this.code]
  }

  /** What the person reads: the text of the row, and what it says of the rule that was broken or of who meets it. */
  get userText(): string {
    const { userText, userTextOfRule = {} } = this.row
    const { rule = '' } = this.context
    return Object.hasOwn(userTextOfRule, rule) ? `${userText} ${userTextOfRule[rule]}` : userText
  }
}

/** Any thrown value as an AppError: what has no code yet is a bug. */
export function asAppError(fault: unknown): AppError {
  if (fault instanceof AppError) return fault
  return new AppError('bug/unexpected', {
    cause: fault,
    detail: className(fault),
  })
}

/** What kind of thing was thrown: the name of an error's class, or else the type of the value. Never what it says. */
export function className(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown
  return /^\w{1,64}$/.test(thrown.name) ? thrown.name : 'Error'
}

/** The same fault, knowing who meets it, where its row has words for that and nothing more particular is known. */
export function metBy(fault: AppError, who: () => 'signed-in' | 'signing-in' | undefined): AppError {
  const { row, code, context } = fault
  if (context.rule !== undefined || row.userTextOfRule?.['signed-in'] === undefined) return fault
  const rule = who()
  return rule === undefined ? fault : new AppError(code, { ...context, rule })
}

/** The same fault, knowing where the person was going. */
export function withReturnTo(fault: unknown, returnTo: string): AppError {
  const { code, context } = asAppError(fault)
  return new AppError(code, { ...context, returnTo })
}

/** The same fault under another code. */
export function withCode(fault: AppError, code: ErrorCode): AppError {
  return code === fault.code ? fault : new AppError(code, fault.context)
}

/** The same fault with more for the log to name. */
export function withFacts(fault: unknown, facts: LogFacts): AppError {
  const { code, context } = asAppError(fault)
  return new AppError(code, { ...context, facts: { ...context.facts, ...facts } })
}
