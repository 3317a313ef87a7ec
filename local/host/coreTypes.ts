/**
 * The part of the worker's contract with `@azure/functions` that this host speaks. The library asks for a module
 * named `@azure/functions-core`; nobody publishes it, not even as types, because the worker makes it up at run time.
 */

export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none'

/** Who logs: the app, or the library and the host. */
export type LogCategory = 'user' | 'system' | 'customMetric'

/** One trigger, input or output, with the options the app gave. */
export type Binding = {
  readonly type: string
  readonly direction: 'in' | 'out'
  readonly route?: string
  readonly methods?: readonly string[]
  readonly authLevel?: string
  readonly schedule?: string
  readonly runOnStartup?: boolean
}

export type FunctionMetadata = { readonly name: string; readonly bindings: Readonly<Record<string, Binding>> }

export type FunctionCallback = (...args: unknown[]) => unknown

export type RegisteredFunction = {
  readonly name: string
  readonly metadata: FunctionMetadata
  readonly triggerName: string
  readonly trigger: Binding
  readonly callback: FunctionCallback
}

export type NullableStrings = Record<string, { readonly value: string }>

/** An HTTP request as the host tells it to the worker when bodies are buffered. */
export type RpcHttpRequest = {
  readonly url: string
  readonly method: string
  readonly nullableHeaders: NullableStrings
  readonly nullableQuery: NullableStrings
  readonly nullableParams: NullableStrings
  readonly body?: { readonly bytes: Uint8Array }
}

export type RpcCookie = {
  readonly name: string
  readonly value: string
  readonly domain?: { readonly value: string }
  readonly path?: { readonly value: string }
  readonly expires?: { readonly value: { readonly seconds: number } }
  readonly secure?: { readonly value: boolean }
  readonly httpOnly?: { readonly value: boolean }
  readonly sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone'
  readonly maxAge?: { readonly value: number }
}

/** What the library hands back for an HTTP function when bodies are buffered. */
export type RpcHttpResponse = {
  readonly statusCode: string
  readonly headers: Readonly<Record<string, string>>
  readonly cookies: readonly RpcCookie[]
  readonly body?: { readonly bytes?: Uint8Array } | null
}

export type TypedData<Http> = { readonly http?: Http; readonly string?: string; readonly json?: string }

export type InvocationRequest = {
  readonly invocationId: string
  readonly inputData: readonly { readonly name: string; readonly data: TypedData<Partial<RpcHttpRequest>> }[]
  readonly triggerMetadata: Readonly<Record<string, TypedData<never>>>
  readonly traceContext: { readonly traceParent: string; readonly traceState: string }
}

export type InvocationContext = {
  readonly invocationId: string
  readonly request: InvocationRequest
  readonly metadata: FunctionMetadata
  state: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks' | undefined
  log(level: LogLevel, category: LogCategory, message: string): void
}

/** What `@azure/functions` implements; one InvocationModel per call of a function. */
export type ProgrammingModel = {
  readonly name: string
  readonly version: string
  getInvocationModel(context: InvocationContext): InvocationModel
  getCapabilities(worker: Record<string, string>): Promise<Record<string, string>>
}

export type InvocationModel = {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>
  getResponse(context: unknown, result: unknown): Promise<{ returnValue?: TypedData<RpcHttpResponse> | null }>
}
