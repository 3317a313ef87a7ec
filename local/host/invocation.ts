import type {
  InvocationContext,
  InvocationRequest,
  RegisteredFunction,
  RpcHttpResponse,
  TypedData,
} from './coreTypes.ts'
import type { FunctionsCore } from './functionsCore.ts'

/** What the host says about one call; the rest is filled in by `invoke`. */
export type Call = Pick<InvocationRequest, 'invocationId' | 'inputData'> &
  Partial<Pick<InvocationRequest, 'triggerMetadata'>>

/**
 * Runs one function through the library and the app's hooks, in the worker's order: arguments, preInvocation,
 * the function, postInvocation, response. A fault is thrown only if no postInvocation hook took it away.
 * Resolves to the value for the host; undefined when there is none, or when it was streamed.
 */
export async function invoke(
  core: FunctionsCore,
  fn: RegisteredFunction,
  call: Call,
): Promise<TypedData<RpcHttpResponse> | null | undefined> {
  const programmingModel = core.model()
  if (!programmingModel) throw new Error('The app has no programming model.')
  let invocationContext: unknown
  const context: InvocationContext = {
    invocationId: call.invocationId,
    request: { triggerMetadata: {}, traceContext: { traceParent: '', traceState: '' }, ...call },
    metadata: fn.metadata,
    state: undefined,
    log: (level, category, message) => core.log(level, category, message, invocationContext),
  }
  const model = programmingModel.getInvocationModel(context)
  const given = await model.getArguments()
  invocationContext = given.context

  const hookData = {}
  const before = { hookData, invocationContext, functionCallback: fn.callback, inputs: given.inputs }
  context.state = 'preInvocationHooks'
  await core.runHooks('preInvocation', before)

  const { inputs, functionCallback } = before
  const after: { result: unknown; error: unknown } & Record<string, unknown> = {
    hookData,
    invocationContext,
    inputs,
    result: null,
    error: null,
  }
  context.state = 'invocation'
  try {
    after.result = await model.invokeFunction(invocationContext, inputs, functionCallback)
  } catch (fault) {
    after.error = fault
  }
  context.state = 'postInvocationHooks'
  await core.runHooks('postInvocation', after)
  context.state = undefined

  // `throw null` counts as success with no result, there as here.
  if (after.error !== null && after.error !== undefined) throw after.error
  return (await model.getResponse(invocationContext, after.result)).returnValue
}
