/** The wire form of the table, where it is easier to see than through a store: transactions as text, and what their answers say. */
import { describe, expect, it } from 'vitest'
import {
  changeRequest,
  serviceCode,
  transactionRequest,
  transactionStatus,
} from '../../../lib/session/tableWire.ts'

const row = { partitionKey: 'p', rowKey: 'r' }
const answer = (status: number, text: string) => ({ status, text, header: () => undefined })
const partsOf = (...statuses: number[]) =>
  answer(202, statuses.map((status) => `--changesetresponse_1\r\n\r\nHTTP/1.1 ${status} X\r\n`).join(''))

describe('a change', () => {
  it.each([
    ['of a row as it was read', { kind: 'merge', row, etag: 'e1' }, 'e1'],
    ['of a row whatever it is', { kind: 'replace', row, etag: '*' }, '*'],
    ['that takes a row away', { kind: 'delete', row }, '*'],
  ] as const)('%s says under which condition', (_what, change, ifMatch) => {
    expect(changeRequest('t', change).headers['if-match']).toBe(ifMatch)
  })

  it.each([
    ['makes a row', { kind: 'create', row }],
    ['writes a row whether or not there is one', { kind: 'replace', row }],
  ] as const)('that %s has no condition', (_what, change) => {
    expect(changeRequest('t', change).headers).not.toHaveProperty('if-match')
  })
})

it('a transaction is one body: each change as it would be sent alone, with nothing before, between or behind', () => {
  const changes = [
    { kind: 'create', row },
    { kind: 'delete', row: { ...row, rowKey: 'gone' } },
  ] as const
  const { path, method, headers, body = '' } = transactionRequest('t', 'https://tables.example', changes, 'b')

  expect([method, path, headers.accept, headers['content-type']]).toEqual([
    'POST',
    '/$batch',
    'application/json',
    'multipart/mixed; boundary=batch_b',
  ])
  const part = '--changeset_b\r\ncontent-type: application/http\r\ncontent-transfer-encoding: binary\r\n\r\n'
  const common = 'x-ms-version: 2019-02-02\r\ndataserviceversion: 3.0\r\n'
  expect(body).toBe(
    [
      '--batch_b\r\ncontent-type: multipart/mixed; boundary=changeset_b\r\n\r\n',
      `${part}POST https://tables.example/t HTTP/1.1\r\n${common}accept: application/json\r\n`,
      'content-type: application/json\r\nprefer: return-no-content\r\n\r\n{"PartitionKey":"p","RowKey":"r"}\r\n',
      `${part}DELETE https://tables.example/t(PartitionKey='p',RowKey='gone') HTTP/1.1\r\n${common}`,
      'accept: application/json;odata=minimalmetadata\r\nif-match: *\r\n\r\n\r\n',
      '--changeset_b--\r\n--batch_b--\r\n',
    ].join(''),
  )
})

describe('the status of a transaction', () => {
  it.each([
    ['all its parts, where they succeeded', partsOf(204, 204), 204],
    ['success, whatever kind of it', partsOf(200, 299), 204],
    ['the part that failed, wherever it stands', partsOf(204, 409), 409],
    ['a part that is no success either', partsOf(204, 199), 199],
    ['a part that leads elsewhere', partsOf(300), 300],
    ['itself, where it was refused as a whole', answer(503, 'HTTP/1.1 204 X'), 503],
    ['itself, where it is no success', answer(199, 'HTTP/1.1 204 X'), 199],
    ['itself, where it leads elsewhere', answer(300, 'HTTP/1.1 204 X'), 300],
    ['its parts, whatever kind of success it is', { ...partsOf(409), status: 200 }, 409],
    ['its parts, up to the last kind of success', { ...partsOf(409), status: 299 }, 409],
    ['unknown, where it has no part', answer(202, ''), 500],
    ['unknown, where a part is only spoken of', answer(202, 'no HTTP/1.1 204 here'), 500],
  ])('is that of %s', (_what, answered, status) => {
    expect(transactionStatus(answered)).toBe(status)
  })
})

it.each([
  ['{"odata.error":{"code":"TableNotFound","message":{}}}', 'TableNotFound'],
  ['{"odata.error": {\n  "code": "TableNotFound"}}', 'TableNotFound'],
  ['{"error":{"code":"TableNotFound"}}', undefined],
  ['{"odata.error":{"code":"not a name"}}', undefined],
  ['', undefined],
])('the name of a fault is read as the service writes it: %j', (text, code) => {
  expect(serviceCode({ text })).toBe(code)
})
