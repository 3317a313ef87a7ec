/** azd runs this. Certificates, registrations, settings. */

import { runHook } from './runHook.ts'
import { setUp } from './setUp.ts'

await runHook(setUp)
