import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-request-uri-signed-rs256',
  provider: 'Fetches a signed request object from the client.',
  applies: false,
  reason: 'Entra takes no request objects by reference (`request_uri_parameter_supported` is false).',
} satisfies ConformanceModule
