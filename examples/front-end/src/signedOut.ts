import { signIn } from 'signet-entra/client'
import { el } from './element.ts'

const PROMISES = [
  ['One button', 'The page sends you to Microsoft Entra ID and gets you back where you were.'],
  [
    'No token here',
    'The browser keeps one cookie that no script can read. Tokens stay on the server, which calls the APIs.',
  ],
  [
    'No secret there',
    'The server proves itself with a signature made in Key Vault: it has no password to lose.',
  ],
] as const

/** What somebody sees who is not signed in; `wasSignedIn` where they were a moment ago. */
export function signedOutView(wasSignedIn: boolean): HTMLElement[] {
  return [
    el(
      'div',
      { class: 'hero' },
      el('h1', {}, wasSignedIn ? 'You are signed out' : 'Your orders, behind one sign-in'),
      el(
        'p',
        { class: 'lede' },
        wasSignedIn
          ? 'The session has ended. What you had typed is kept in this tab.'
          : 'A small front end that calls two APIs as you. Sign in to try it.',
      ),
      el('p', {}, el('button', { class: 'button', type: 'button', click: () => signIn() }, 'Sign in')),
    ),
    el(
      'ul',
      { class: 'promises', role: 'list' },
      ...PROMISES.map(([title, text]) => el('li', {}, el('h2', {}, title), el('p', {}, text))),
    ),
  ]
}
