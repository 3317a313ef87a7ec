/**
 * A store for express-session on Azure Tables, by the SDK and the managed identity: a session is one row, read once for each request and written
 * where it has changed. It has no `touch`, which would write with every request.
 */
import { TableClient } from '@azure/data-tables'
import { ManagedIdentityCredential } from '@azure/identity'
import session from 'express-session'
import { world } from './world.mjs'

const TABLE = 'peersessions'
const ROW = 'session'

export class TableSessionStore extends session.Store {
  #client = new TableClient(
    world.tablesUrl,
    TABLE,
    new ManagedIdentityCredential({ clientId: world.identityClientId }),
  )

  get(id, done) {
    this.#client.getEntity(id, ROW).then(
      ({ text }) => done(null, JSON.parse(text)),
      (fault) => (fault.statusCode === 404 ? done(null, null) : done(fault)),
    )
  }

  set(id, value, done) {
    const row = { partitionKey: id, rowKey: ROW, text: JSON.stringify(value) }
    this.#client.upsertEntity(row, 'Replace').then(() => done?.(null), done)
  }

  destroy(id, done) {
    this.#client.deleteEntity(id, ROW).then(
      () => done?.(null),
      (fault) => done?.(fault.statusCode === 404 ? null : fault),
    )
  }
}
