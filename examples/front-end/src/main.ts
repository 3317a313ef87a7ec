/** The page: one question to Signet, then one of two views; what happens to the session elsewhere shows here too. */
import { on, type Session, session, signOut } from 'signet-entra/client'
import { apisSection } from './apis.ts'
import { el, place } from './element.ts'
import { failedView } from './failed.ts'
import { clearNotice, showExpiring } from './notice.ts'
import { personSection } from './person.ts'
import { proofSection } from './proof.ts'
import { sessionsSection } from './sessions.ts'
import { signedOutView } from './signedOut.ts'

let shownFor: string | undefined

/** Draws what is true now. The same person again only needs the clock set anew. */
function show(now: Session): void {
  const who = now.authenticated ? now.user.objectId : ''
  const before = shownFor
  shownFor = who
  if (now.authenticated && before === who) return void place('you').replaceWith(personSection(now))
  if (before === who) return
  document.title = now.authenticated ? 'Orders' : 'Sign in · Orders'
  place('account').replaceChildren(
    ...(now.authenticated
      ? [
          el('span', { class: 'name' }, now.user.name ?? 'Signed in'),
          el('button', { class: 'button quiet', type: 'button', click: signOut }, 'Sign out'),
        ]
      : []),
  )
  place('main').replaceChildren(
    ...(now.authenticated
      ? [
          el('h1', { class: 'hidden' }, 'Orders'),
          personSection(now),
          apisSection(now),
          sessionsSection(),
          proofSection(now),
        ]
      : signedOutView(before !== undefined && before !== '')),
  )
}

on('session', (now) => {
  show(now)
  if (!now.authenticated || Math.min(now.idleSecondsLeft, now.secondsLeft) > 60) clearNotice()
})
on('expiring', showExpiring)

session().catch((fault: unknown) => place('main').replaceChildren(...failedView(fault)))
