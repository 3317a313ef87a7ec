/** Every check, in the order they are made: each stands on those before it. */

import { settingsOf } from '../../lib/config/credentials.ts'
import type { Check, ClientCheckId } from './check.ts'
import { clock } from './checks/clock.ts'
import { frontEnd } from './checks/frontEnd.ts'
import { identity } from './checks/identity.ts'
import { metadata } from './checks/metadata.ts'
import { permissions } from './checks/permissions.ts'
import { publicUrl } from './checks/publicUrl.ts'
import { redirect } from './checks/redirect.ts'
import { settings } from './checks/settings.ts'
import { sourceChecks, sources } from './checks/sources.ts'
import { table } from './checks/table.ts'
import { tokenBinding } from './checks/tokenBinding.ts'
import { clientChecks } from './clientChecks.ts'

const signIn = clientChecks({
  idOf: (id: ClientCheckId) => id,
  suffix: '',
  clientOf: (examination) => examination.signIn,
  isThere: () => true,
  hasCertificate: ({ credentials }) => settingsOf(credentials, 'vault') !== undefined,
})
const appOnly = clientChecks({
  idOf: (id: ClientCheckId) => `app-only-${id}` as const,
  suffix: ' (app-only client)',
  clientOf: (examination) => examination.appOnly,
  isThere: (config) => config.appOnly !== undefined,
  hasCertificate: (config) => config.appOnly !== undefined,
})

export const CHECKS: readonly Check[] = [
  settings,
  identity,
  tokenBinding,
  ...signIn.certificateChecks,
  metadata,
  clock,
  signIn.assertion,
  ...sourceChecks,
  sources,
  permissions,
  redirect,
  publicUrl,
  frontEnd,
  table,
  ...signIn.exchangeChecks,
  ...appOnly.certificateChecks,
  appOnly.assertion,
  ...appOnly.exchangeChecks,
]
