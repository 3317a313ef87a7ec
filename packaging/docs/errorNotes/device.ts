/** The codes of device-bound sessions. */
import type { ErrorNote } from './errorNote.ts'

export const DEVICE_NOTES = {
  'session/device_proof_required': {
    arises:
      'The session is bound to a device, and the request came without a bound cookie that is good. The session goes on. It is an everyday matter after a link from another site, where a page tries again by itself.',
    look: [
      '`skipped` says why the browser went without: `quota_exceeded`, `unreachable` or `server_error`; the event `device.skipped` says for whom.',
      'Without it, again and again for one person, and no `device.refreshed` of theirs: a copied cookie, or a browser whose key store was reset.',
      'How it goes, and against whom: [device-binding.md](../../device-binding.md).',
    ],
  },
  'session/device_required': {
    arises:
      'SESSION_DEVICE_BINDING is `require`, and the session was not bound within a minute of sign-in. It has ended.',
    look: [
      'Which browsers can: [device-binding.md](../../device-binding.md#which-browsers).',
      'Where they can and do not, the front end loads nothing that makes the offer: it has to ask `/auth/session` once.',
    ],
  },
  'device/registration_refused': {
    arises:
      'A browser answered the offer to bind its session, and the session is bound already, or the answer is not what was asked for.',
    look: [
      '`detail`: `bound already` or the rule that the answer broke.',
      'Two tabs that are opened at the same moment both answer; the first one binds the session, and the other one is this.',
    ],
  },
  'device/proof_refused': {
    arises: 'The answer to a challenge was not signed with the key that the session is bound to.',
    look: [
      'The event `device.refused` says for whom and what was wrong (`flaw`); query [`security-events`](../../operate.md#monitor).',
      'A signature that holds over an old challenge is never this: it is a race, and answered by the next challenge.',
    ],
  },
} as const satisfies Record<string, ErrorNote>
