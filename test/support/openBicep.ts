/**
 * The real Bicep compiler as one long-lived process that speaks JSON-RPC, so that each question after the first costs a
 * fraction of a second instead of a start.
 */
import { spawn } from 'node:child_process'

export interface Diagnostic {
  readonly source: string
  readonly level: string
  readonly code: string
  readonly message: string
}

export interface Symbol {
  readonly name: string
  readonly description?: string
}

export interface Bicep {
  /** Errors and linter warnings of a file and all it uses, and the template they would deploy. */
  compile(path: string): Promise<{ readonly diagnostics: readonly Diagnostic[]; readonly template: string }>
  /** The snapshot of a parameter file, as `bicep snapshot` writes it; with the group, if it deploys into one. */
  snapshot(parameters: string, resourceGroup?: string): Promise<string>
  /** A parameter file in the compiler's own layout, or a template. */
  format(path: string): Promise<string>
  /** What a template takes and gives. */
  describe(
    path: string,
  ): Promise<{ readonly parameters: readonly Symbol[]; readonly outputs: readonly Symbol[] }>
  close(): void
}

/** Where the predicted deployment goes: nobody's tenant and subscription. */
const NOWHERE = {
  tenantId: '00000000-0000-4000-8000-000000000001',
  subscriptionId: '00000000-0000-4000-8000-000000000002',
}

interface Answer {
  readonly id: number
  readonly result?: Readonly<Record<string, unknown>>
  readonly error?: { readonly message: string; readonly data?: { readonly message?: string } }
}

/** Starts the compiler at `path`. Rejects calls with the compiler's own words. */
export function openBicep(path: string): Bicep {
  const compiler = spawn(path, ['jsonrpc', '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] })
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (fault: Error) => void }>()
  const fail = (fault: Error): void => {
    for (const { reject } of waiting.values()) reject(fault)
    waiting.clear()
  }
  compiler.on('error', fail)
  compiler.on('exit', (code) => fail(new Error(`the Bicep compiler ended with ${code}`)))
  readMessages(compiler.stdout, (answer) => {
    waiting.get(answer.id)?.resolve(answer)
    waiting.delete(answer.id)
  })

  let last = 0
  async function call(method: string, params: object): Promise<Readonly<Record<string, unknown>>> {
    last += 1
    const id = last
    const message = JSON.stringify({ jsonrpc: '2.0', id, method: `bicep/${method}`, params })
    const { result, error } = await new Promise<Answer>((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      compiler.stdin.write(`Content-Length: ${Buffer.byteLength(message)}\r\n\r\n${message}`)
    })
    if (result === undefined) throw new Error(error?.data?.message ?? error?.message ?? `${method} failed`)
    return result
  }

  return {
    async compile(file) {
      const { diagnostics, contents } = await call('compile', { path: file })
      return { diagnostics: diagnostics as Diagnostic[], template: String(contents ?? '') }
    },
    async snapshot(parameters, resourceGroup) {
      const metadata = { ...NOWHERE, resourceGroup }
      const { snapshot } = await call('getSnapshot', { path: parameters, metadata })
      return String(snapshot)
    },
    async format(file) {
      return String((await call('format', { path: file })).contents)
    },
    async describe(file) {
      const { parameters, outputs } = await call('getMetadata', { path: file })
      return { parameters: parameters as Symbol[], outputs: outputs as Symbol[] }
    },
    close() {
      compiler.removeAllListeners('exit')
      compiler.kill()
    },
  }
}

/** Splits a stream of `Content-Length` framed messages. */
function readMessages(stream: NodeJS.ReadableStream, onAnswer: (answer: Answer) => void): void {
  let pending = Buffer.alloc(0)
  stream.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk])
    for (;;) {
      const headEnd = pending.indexOf('\r\n\r\n')
      if (headEnd < 0) return
      const length = Number(/content-length: (\d+)/i.exec(pending.toString('latin1', 0, headEnd))?.[1])
      const end = headEnd + 4 + length
      if (pending.length < end) return
      onAnswer(JSON.parse(pending.toString('utf8', headEnd + 4, end)) as Answer)
      pending = pending.subarray(end)
    }
  })
}
