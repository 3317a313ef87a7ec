/** Whether the app itself answers where browsers will look for it, and what it says of its own chain. */
import { answerText } from '../answerText.ts'
import { type Check, fail, pass } from '../check.ts'
import type { Examination } from '../examination.ts'
import { networkFault } from '../networkFault.ts'

/** A first request may meet a cold start. Milliseconds. */
const DEADLINE_MS = 30_000

export const publicUrl: Check = {
  id: 'public',
  title: 'The app answers at PUBLIC_URL',
  method:
    'Asks `/health/live` and `/health/ready` there. The second has the app itself try vault, Entra and table, by its own identity, and remembers its last token requests.',
  needs: ['settings'],
  async examine(examination) {
    const { config, commands } = examination
    const { base } = config.app
    const live = await ask(`${base}/health/live`, examination)
    if ('fault' in live) return fail(`Nothing answers at ${base} (${live.fault}).`, commands.showApp())
    if (live.status !== 200 || live.body.status !== 'live' || !live.hasCorrelationId)
      return fail(
        `Something else than this app answers at ${base}/health/live (status ${live.status}).`,
        commands.deploy(),
      )
    const ready = await ask(`${base}/health/ready`, examination)
    if ('fault' in ready)
      return fail(`${base}/health/ready does not answer (${ready.fault}).`, commands.showApp())
    return ready.status === 200
      ? pass(`${base} answers, and the app says of itself that a sign-in would succeed.`)
      : fail(
          `${base} answers, and the app says of itself that it is not ready (status ${ready.status}). What is wrong it tells its log alone. After the mend it may say so for another minute, and after refused token requests until one gets through or for five.`,
          commands.queryLog('readiness'),
        )
  },
}

type Answer =
  | { readonly fault: string }
  | {
      readonly status: number
      readonly hasCorrelationId: boolean
      readonly body: Readonly<Record<string, unknown>>
    }

async function ask(url: string, { effects }: Examination): Promise<Answer> {
  try {
    const signal = AbortSignal.timeout(DEADLINE_MS)
    const response = await effects.fetch(url, { redirect: 'manual', signal })
    const body: unknown = await answerText(response)
      .then(JSON.parse)
      .catch(() => ({}))
    return {
      status: response.status,
      hasCorrelationId: response.headers.has('x-correlation-id'),
      body: typeof body === 'object' && body !== null ? { ...body } : {},
    }
  } catch (fault) {
    return { fault: networkFault(fault) }
  }
}
