/**
 * The two APIs of a desk: `orders` lets in every certificate client that calls for a person; `reports` wants the person to have a role,
 * and gets version 1 tokens, as many APIs at Entra still do.
 */
import type { ApplicationRegistration } from '../entra/directory/application.ts'
import type { Person } from '../entra/directory/person.ts'
import { openSampleApi, type SampleApi } from './openSampleApi.ts'

export const ORDERS = {
  clientId: '6b0f7c1e-1f0a-4c52-9d3e-0a5b7c9d1e01',
  scopes: ['Orders.Read', 'Orders.Write'],
} as const
export const REPORTS = {
  clientId: '7c1a8d2f-2a1b-4d63-8e4f-1b6c8dae2f02',
  scopes: ['Reports.Read'],
  role: 'Reports.Reader',
} as const

/** How the front end's calls are bounded on a desk: small enough to see them pass. */
const BOUNDS = { timeoutSec: 10, maxResponseBytes: 1_048_576 } as const

const scopesOf = ({ clientId, scopes }: typeof ORDERS | typeof REPORTS): string[] =>
  scopes.map((scope) => `api://${clientId}/${scope}`)

/** What the app may ask for on everybody's behalf, besides its own API. */
export const SAMPLE_PERMISSIONS: readonly string[] = [...scopesOf(ORDERS), ...scopesOf(REPORTS)]

export const SAMPLE_REGISTRATIONS: readonly ApplicationRegistration[] = [
  { clientId: ORDERS.clientId, displayName: 'Orders', redirectUris: [], scopes: ORDERS.scopes },
  {
    clientId: REPORTS.clientId,
    displayName: 'Reports',
    redirectUris: [],
    scopes: REPORTS.scopes,
    appRoles: [REPORTS.role],
    requestedAccessTokenVersion: 1,
  },
]

/** The same people, the first of whom has the role that `reports` asks for. */
export function withReportsRole([first, ...others]: readonly Person[]): readonly Person[] {
  if (first === undefined) return []
  return [{ ...first, roles: { ...first.roles, [REPORTS.clientId]: [REPORTS.role] } }, ...others]
}

export interface SampleApis {
  readonly orders: SampleApi
  readonly reports: SampleApi
  /** The setting by which an app finds them. */
  readonly settings: { readonly DOWNSTREAM_APIS: string }
  close(): Promise<void>
}

interface SampleApisOptions {
  /** Those that may call them, by a certificate. */
  readonly clients: readonly string[]
  readonly entra: { readonly origin: string; readonly tenantId: string }
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

/** Starts both. Resolves when they listen. */
export async function openSampleApis({
  clients,
  entra,
  now = Date.now,
}: SampleApisOptions): Promise<SampleApis> {
  const common = { tenants: [entra.tenantId], clients, authorityHost: entra.origin, now }
  const [orders, reports] = await Promise.all([
    openSampleApi({ ...common, audiences: [ORDERS.clientId], scopes: ORDERS.scopes }),
    openSampleApi({
      ...common,
      audiences: [`api://${REPORTS.clientId}`],
      scopes: REPORTS.scopes,
      roles: [REPORTS.role],
      personRole: REPORTS.role,
    }),
  ])
  const apis = {
    orders: {
      url: orders.origin,
      as: 'user',
      scope: scopesOf(ORDERS).join(' '),
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      ...BOUNDS,
    },
    reports: { url: reports.origin, as: 'user', scope: scopesOf(REPORTS).join(' '), ...BOUNDS },
  }
  return {
    orders,
    reports,
    settings: { DOWNSTREAM_APIS: JSON.stringify(apis) },
    close: async () => void (await Promise.all([orders.close(), reports.close()])),
  }
}
