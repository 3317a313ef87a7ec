/** The pictures of docs/, each by its path, drawn from what stands here. */
import { behindSignet, frontDoor, staticWebApp } from './frontEndOnAzure.ts'
import { drawOverview } from './overview.ts'
import { drawSequence } from './sequence.ts'

const BROWSER = { name: 'Browser', about: 'no token in it' } as const
const VAULT = { name: 'Key Vault', about: 'holds the key' } as const
const ENTRA = { name: 'Entra ID', about: 'knows people' } as const
const TABLE = { name: 'Table Storage', about: 'ciphertext' } as const

const whole = () =>
  drawOverview({
    title: 'Signet and what is around it',
    width: 900,
    height: 430,
    boxes: {
      browser: {
        name: 'Browser',
        about: ['a cookie of 32 random bytes:', 'the key to its own rows'],
        x: 124,
        y: 215,
      },
      signet: {
        name: 'Signet',
        about: ['Azure Functions', 'no secret in code, settings', 'or logs; any instance will do'],
        x: 450,
        y: 215,
        isOurs: true,
      },
      entra: { name: 'Entra ID', about: ['knows people, and the', 'certificate of the app'], x: 124, y: 55 },
      vault: { name: 'Key Vault', about: ['signs; the key never', 'leaves it'], x: 776, y: 55 },
      table: {
        name: 'Table Storage',
        about: ['rows that nobody can open', 'without the browser'],
        x: 776,
        y: 215,
      },
      apis: {
        name: 'Your APIs',
        about: ['behind the guard: only clients', 'that used no secret'],
        x: 776,
        y: 375,
      },
      page: { name: 'Your front end', about: ['asks /auth/session,', 'calls /api/{name}/'], x: 124, y: 375 },
    },
    edges: [
      { from: 'browser', to: 'entra', text: 'signs in', back: true },
      { from: 'browser', to: 'signet', text: 'cookie', back: true },
      { from: 'page', to: 'browser', text: 'runs in' },
      { from: 'signet', to: 'entra', text: 'code, verifier, assertion', back: true },
      { from: 'signet', to: 'vault', text: 'digest; signature', back: true },
      { from: 'signet', to: 'table', text: 'sealed rows', back: true },
      { from: 'signet', to: 'apis', text: 'access token', back: true },
    ],
  })

const signIn = () =>
  drawSequence({
    title: 'One sign-in',
    actors: {
      browser: BROWSER,
      signet: { name: 'Signet', about: 'any instance', isOurs: true },
      vault: VAULT,
      entra: ENTRA,
      table: TABLE,
    },
    steps: [
      { from: 'browser', to: 'signet', text: 'GET /auth/login' },
      { at: 'signet', text: '32 random bytes; state, nonce and verifier follow from them' },
      { from: 'signet', to: 'vault', text: 'digest of an assertion', behind: true },
      { from: 'vault', to: 'signet', text: 'signature', behind: true },
      { from: 'signet', to: 'browser', text: '302 to Entra, and the bytes as a cookie' },
      {
        from: 'browser',
        to: 'entra',
        text: 'client id, state, nonce, hash of the verifier; answer by form_post',
      },
      { at: 'entra', text: 'the person signs in' },
      { from: 'entra', to: 'browser', text: 'a page that posts code and state to us' },
      { from: 'browser', to: 'signet', text: 'POST /auth/callback: code, state, cookie' },
      { at: 'signet', text: 'does the state open with the key in the cookie?' },
      { from: 'signet', to: 'table', text: 'spend the transaction: a marker that can be written once' },
      { from: 'signet', to: 'entra', text: 'code, verifier, client assertion' },
      { from: 'entra', to: 'signet', text: 'ID token, access token, refresh token' },
      { at: 'signet', text: 'signature and each claim judged, and that it is what was asked for' },
      {
        from: 'signet',
        to: 'table',
        text: 'session and tokens, sealed with a key only the browser will have',
      },
      { from: 'signet', to: 'browser', text: '303 to where they were going; 32 new bytes as a cookie' },
    ],
  })

const refresh = () =>
  drawSequence({
    title: 'A token is renewed under the lease',
    actors: {
      browser: { name: 'Browser', about: 'two calls at once' },
      one: { name: 'Instance A', about: 'of Signet', isOurs: true },
      other: { name: 'Instance B', about: 'of Signet', isOurs: true },
      table: TABLE,
      entra: ENTRA,
    },
    steps: [
      { from: 'browser', to: 'one', text: 'GET /api/orders/1' },
      { from: 'browser', to: 'other', text: 'GET /api/orders/2' },
      { from: 'one', to: 'table', text: 'read the grant, by the key in the cookie' },
      { from: 'other', to: 'table', text: 'read it too' },
      { at: ['one', 'other'], text: 'both see: the access token has run out, and nobody holds the lease' },
      { from: 'one', to: 'table', text: 'lease for twelve seconds, if the row is as I read it' },
      { from: 'other', to: 'table', text: 'the same' },
      { from: 'table', to: 'other', text: 'no: it has changed' },
      { from: 'one', to: 'entra', text: 'refresh token, client assertion' },
      { at: 'other', text: 'looks again every 100 ms, for twelve seconds at most' },
      { from: 'entra', to: 'one', text: 'a new access token, and a new refresh token' },
      { from: 'one', to: 'table', text: 'write both, sealed; the lease is over' },
      { from: 'table', to: 'other', text: 'the new token' },
      { at: ['one', 'other'], text: 'both call the API with the same token, and answer' },
      {
        when: 'If instance A stops before it writes',
        steps: [{ at: 'other', text: 'the lease runs out, and B asks with the old refresh token' }],
      },
    ],
  })

const rotation = () =>
  drawSequence({
    title: 'The certificate is exchanged',
    actors: {
      table: { name: 'Table Storage', about: 'one row' },
      vault: VAULT,
      signet: { name: 'Signet', about: 'any instance', isOurs: true },
      entra: ENTRA,
    },
    steps: [
      { from: 'signet', to: 'vault', text: 'every five minutes: which versions are there?' },
      { from: 'vault', to: 'signet', text: '1, and new: 2' },
      { from: 'signet', to: 'table', text: 'I register 2, if nobody else does' },
      { from: 'signet', to: 'entra', text: 'addKey 2, with a proof that 1 signed' },
      { from: 'signet', to: 'entra', text: 'three token requests by 2' },
      { from: 'entra', to: 'signet', text: 'accepted, and what time it is' },
      { from: 'signet', to: 'table', text: '2 signs, if the row is as I read it' },
      { at: ['table', 'entra'], text: 'within a minute every instance reads it; 1 rests for 25 minutes' },
      { from: 'signet', to: 'entra', text: 'a token request by 2: accepted still, and what time it is' },
      { from: 'signet', to: 'table', text: '1 is going to be removed' },
      { from: 'signet', to: 'entra', text: 'removeKey 1, with a proof that 2 signed' },
      {
        when: 'If a run dies between two steps',
        steps: [
          { from: 'signet', to: 'table', text: 'another one reads how far it came' },
          { from: 'signet', to: 'entra', text: 'looks whether it happened, and goes on' },
        ],
      },
    ],
  })

/** Every picture by its path from the root of the project. */
export function pictures(): ReadonlyMap<string, string> {
  return new Map([
    ['docs/pictures/whole.svg', whole()],
    ['docs/pictures/sign-in.svg', signIn()],
    ['docs/pictures/refresh.svg', refresh()],
    ['docs/pictures/rotation.svg', rotation()],
    ['docs/pictures/front-end-storage.svg', behindSignet()],
    ['docs/pictures/front-end-front-door.svg', frontDoor()],
    ['docs/pictures/front-end-static-web-app.svg', staticWebApp()],
  ])
}
