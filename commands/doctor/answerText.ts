import type { FetchAnswer } from '../../lib/base/plainFetch.ts'

/** The body of an answer as text; the signal of its request bounds the wait. */
export async function answerText({ body }: Pick<FetchAnswer, 'body'>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body ?? []) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
