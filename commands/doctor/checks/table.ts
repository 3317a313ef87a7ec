/** Whether a transaction can be spent exactly once: the one operation that everything else of the table rests on. */
import { base64url } from '../../../lib/base/crypto.ts'
import { shareIdentity } from '../../../lib/credential/sharedIdentity.ts'
import { type AppError, asAppError } from '../../../lib/errors/appError.ts'
import { TableRefusal } from '../../../lib/session/storeFaults.ts'
import { openSessionTable, TABLE_NAME } from '../../../lib/session/table.ts'
import { STORAGE_SCOPE } from '../../../lib/session/tableCalls.ts'
import { createTableStore } from '../../../lib/session/tableStore.ts'
import { type Check, type Finding, fail, pass } from '../check.ts'
import type { Examination } from '../examination.ts'

const MARKER_BYTES = 24

export const table: Check = {
  id: 'table',
  title: 'The session table can be written and read',
  method:
    'Spends a random marker twice, as a callback spends its transaction: the first time succeeds, the second must not. The next sweep removes the marker.',
  needs: ['identity'],
  async examine(examination) {
    const { config, effects, identity, commands } = examination
    const { tablesUrl } = config.sessions
    const shared = shareIdentity({ identity: identity.credential, effects, hasOneTenant: true })
    const sessionTable = openSessionTable(tablesUrl, shared, effects)
    const store = createTableStore({ table: sessionTable, limits: config.sessions, effects })
    const markerId = `doctor-${base64url.encode(effects.random(MARKER_BYTES))}`
    const transaction = { markerId, startedAtMs: effects.now() }
    try {
      const spent = [await store.spend(transaction, 'first'), await store.spend(transaction, 'second')]
      if (spent[0] && !spent[1])
        return pass(`Table ${TABLE_NAME} took a marker once and refused it the second time.`)
      return fail(
        `Table ${TABLE_NAME} at ${tablesUrl} took the same marker ${spent[0] ? 'twice' : 'never'}: it does not keep what is written.`,
        commands.showAccount(tablesUrl),
      )
    } catch (fault) {
      return tableFinding(asAppError(fault), examination)
    }
  },
}

async function tableFinding(
  { code, context }: AppError,
  { config, commands, principal }: Examination,
): Promise<Finding> {
  const { tablesUrl } = config.sessions
  if (code !== 'session/store_refused')
    return fail(
      `${tablesUrl} could not be reached, or failed (${context.detail}).`,
      commands.showAccount(tablesUrl),
    )
  if (context.detail === 'status 404')
    return fail(`There is no table ${TABLE_NAME} at ${tablesUrl}.`, commands.createTable(tablesUrl))
  // Storage's own code: for a missing role it is another.
  if (context.cause instanceof TableRefusal && context.cause.code === 'AuthorizationFailure')
    return fail(`${tablesUrl} does not admit the network this runs in.`, commands.admitToAccount(tablesUrl))
  const examiner = await principal(STORAGE_SCOPE)
  return fail(
    `${tablesUrl} does not let object id ${examiner.objectId} write to table ${TABLE_NAME} (${context.detail}).`,
    commands.grantTable(tablesUrl, examiner),
  )
}
