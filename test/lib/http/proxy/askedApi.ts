import type { DownstreamApi } from '../../../../lib/config/downstreamApi.ts'
import type { AskedApi } from '../../../../lib/http/proxy/apiAnswer.ts'

export const ORDERS: DownstreamApi = {
  url: 'https://orders.example/v1',
  as: 'app',
  userScopes: [],
  appScope: 'api://orders/.default',
  paths: [],
  roles: [],
  timeoutMs: 100_000,
  requestHeaders: [],
  responseHeaders: [],
  methods: ['GET'],
  maxResponseBytes: 1_000,
}

/** The API, asked for `/list/7?top=5` under its address. */
export const ASKED: AskedApi = {
  api: ORDERS,
  url: 'https://orders.example/v1/list/7?top=5',
  base: ORDERS.url,
  own: '/api/orders',
}
