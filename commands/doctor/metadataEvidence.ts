/** Entra's metadata document, looked at for what a sign-in does not need: the clock of the server and the host of Graph. */
import type { Effects } from '../../lib/base/effects.ts'
import type { EntraUrls } from '../../lib/config/urls.ts'
import { createBoundedFetch } from '../../lib/entra/boundedFetch.ts'

const DEADLINE_MS = 10_000
/** A Date header drops the fraction of its second: on average half of one. */
const HALF_A_SECOND_MS = 500
const GRAPH_HOST = 'graph.microsoft.com'

export interface MetadataEvidence {
  /** Entra's clock minus ours; undefined where it sent no Date. */
  readonly clockDifferenceSec: number | undefined
  /** Resource of Microsoft Graph in this cloud. */
  readonly graphResource: string
}

/** Reads it. Throws `entra/unavailable`, `entra/malformed_response`. */
export async function gatherMetadata(
  { metadata: url }: Pick<EntraUrls, 'metadata'>,
  effects: Pick<Effects, 'fetch' | 'now'>,
): Promise<MetadataEvidence> {
  const sentMs = effects.now()
  const response = await createBoundedFetch(effects, DEADLINE_MS)(url)
  const ourMs = (sentMs + effects.now()) / 2
  const theirMs = Date.parse(response.headers.get('date') ?? '')
  const document: unknown = await response.json().catch(() => ({}))
  return {
    clockDifferenceSec: Number.isNaN(theirMs) ? undefined : (theirMs + HALF_A_SECOND_MS - ourMs) / 1_000,
    graphResource: `https://${graphHost(document)}`,
  }
}

function graphHost(document: unknown): string {
  const { msgraph_host: host }: { msgraph_host?: unknown } =
    typeof document === 'object' && document !== null ? document : {}
  return typeof host === 'string' && /^[a-z0-9.-]+$/.test(host) ? host : GRAPH_HOST
}
