/** How long a certificate may live by the tenant's policy, in whole months: what is asked of the vault is never longer. */
import type { Graph } from '../entra/graph.ts'

/** Of an ISO 8601 duration in years, months, weeks and days, in days; the shortest that a month and a year can be. */
const DAYS = { Y: 365, M: 28, W: 7, D: 1 } as const
/** The longest that a month can be: so many of them are surely within. */
const MONTH_DAYS = 31

/** Undefined where no policy limits it. Throws `graph/*`. */
export async function mostMonths(
  graph: Pick<Graph, 'application' | 'tenantPolicy' | 'ownPolicy'>,
): Promise<number | undefined> {
  const { isEnabled, restrictions } = (await graph.ownPolicy()) ?? (await graph.tenantPolicy())
  const limits = restrictions.filter(({ type, isInForce }) => type === 'asymmetricKeyLifetime' && isInForce)
  if (!isEnabled || limits.length === 0) return undefined
  const { createdAtMs } = await graph.application()
  const days = limits
    // An application of unknown age is taken to be concerned.
    .filter(({ fromCreationMs = 0 }) => (createdAtMs ?? Number.POSITIVE_INFINITY) >= fromCreationMs)
    .flatMap(({ maxLifetime }) => daysOf(maxLifetime) ?? [])
  return days.length === 0 ? undefined : Math.max(1, Math.floor(Math.min(...days) / MONTH_DAYS))
}

function daysOf(duration: string | undefined): number | undefined {
  const parts = /^P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T.*)?$/.exec(duration ?? '')
  if (parts === null) return undefined
  const [, years = 0, months = 0, weeks = 0, days = 0] = parts
  return Number(years) * DAYS.Y + Number(months) * DAYS.M + Number(weeks) * DAYS.W + Number(days) * DAYS.D
}
