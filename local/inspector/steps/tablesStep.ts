import type { RequestRecord } from '../../requestRecord.ts'
import { BOTH_ROWS, type TableOperation } from '../../tables.ts'
import type { Step } from '../step.ts'

type Telling = Pick<Step, 'title' | 'purpose'>

const LOOKUP =
  'The row is found by a name derived from the cookie, and opened with a key that the browser alone holds.'

const TELLINGS: Readonly<Record<TableOperation, Telling>> = {
  insert: {
    title: 'A row is written',
    purpose: 'Of no kind that this page knows.',
  },
  read: { title: 'The session is looked up', purpose: LOOKUP },
  query: {
    title: 'Rows are searched',
    purpose: 'By the hash of a session id of Entra’s, or for rows that have run out.',
  },
  merge: {
    title: 'A use of the session is noted',
    purpose: 'When it was used last; only if nobody else changed it.',
  },
  replace: {
    title: 'The session is written anew',
    purpose: 'With renewed tokens, only if nobody else changed it.',
  },
  delete: {
    title: 'A row is removed',
    purpose: 'The session, or what pointed to it. Its cookie opens nothing now.',
  },
  'create table': { title: 'The table is created', purpose: 'Once, when the desk opens.' },
  'list tables': { title: 'The tables are listed', purpose: 'No part of any sign-in.' },
  'delete table': { title: 'A table is deleted', purpose: 'No part of any sign-in.' },
  batch: {
    title: 'Session row and token row are stored, sealed',
    purpose:
      'Two rows, all or none: who signed in, and the tokens, each as ciphertext whose key only the browser’s cookie yields. A dump of the table holds no token.',
  },
  refused: { title: 'The tables refuse', purpose: 'Nothing that they do for anybody.' },
}

const SPENT: Telling = {
  title: 'The transaction is spent',
  purpose:
    'One row marks this sign-in as used, before the code is. A second answer for it, even at the same moment on another machine, finds the row and goes no further. The same row says when to look whether anything of it has ended.',
}

const OF_USER: Telling = {
  title: 'Index row of the person: their sessions can be listed',
  purpose:
    'A hash of the person leads to the session: for the list of one’s own sessions, and for an operator who ends them. No token is in it, and no name.',
}

const OF_SID: Telling = {
  title: 'Index row of Entra’s session: a sign-out there can end this one',
  purpose:
    'A hash of the session id of Entra’s leads to the session, for when Entra says that somebody has signed out.',
}

const EPOCH: Telling = {
  title: 'Have all sessions been ended?',
  purpose: 'By the operator, at one stroke. Each instance asks once a minute at most.',
}

const BOTH: Telling = {
  title: 'The session is looked up, with the person’s tokens',
  purpose:
    'Both rows lie under a name derived from the cookie, and come in one request. Each is opened with a key that the browser alone holds.',
}

const ROTATION: Telling = {
  title: 'Which version of the certificate signs?',
  purpose:
    'One row for each application says so to every instance. It is asked in the background, and kept for half a minute.',
}

const HEALTH: Telling = { title: 'Does the table answer?', purpose: 'A health check, part of no sign-in.' }

/** Rows that mostly do not exist, which is the answer that was asked for. */
const MOSTLY_ABSENT: readonly Telling[] = [EPOCH, ROTATION, HEALTH]

/** Any request that reached the tables; `isRedeemed` says whether this sign-in has its tokens by then. */
export function tablesStep(request: RequestRecord<TableOperation>, isRedeemed: boolean): Step {
  const telling = tellingOf(request, isRedeemed)
  const { title, purpose } = telling
  const fault = request.fault === undefined ? '' : ` A fault was switched on here: ${request.fault}.`
  return {
    from: 'app',
    to: 'tables',
    title,
    call: `${request.method} ${shortenKeys(request.path)}`,
    atMs: request.at,
    status: request.status,
    isAsExpected: request.status === 404 && MOSTLY_ABSENT.includes(telling),
    purpose: `${purpose}${fault}`,
    spec: 'Table service REST',
    groups: [],
  }
}

/** By the kind that its partition key tells; where that was not seen, by when it was written. */
function insertedRow(kind: string | undefined, isRedeemed: boolean): Telling {
  if (kind === 'marker') return SPENT
  if (kind === 'index of the person') return OF_USER
  if (kind === 'index of the Entra session') return OF_SID
  return kind === undefined && !isRedeemed ? SPENT : TELLINGS.insert
}

function tellingOf({ operation, path, detail }: RequestRecord<TableOperation>, isRedeemed: boolean): Telling {
  if (operation === 'insert') return insertedRow(detail, isRedeemed)
  if (operation === 'read' && path.includes("'health'")) return HEALTH
  if (operation === 'read' && path.includes("'epoch'")) return EPOCH
  if (operation === 'query' && detail === BOTH_ROWS) return BOTH
  if (path.includes("'rotation'")) return ROTATION
  return TELLINGS[operation]
}

/** Row keys say nothing to a reader and fill the line. */
function shortenKeys(path: string): string {
  return path.replace(/'([^']{8})[^']{8,}'/g, "'$1…'")
}
