/**
 * The one script of our pages: tells the front end's pages how a sign-in without a question ended, and closes the window that was opened for
 * it. It is the same for everybody, so a policy admits it by its hash; what differs is read from the page. A window that no script opened
 * stays, and goes on once the person is signed in.
 *
 * The channel is that of `signet-entra/client`: of this origin, and of this `BASE_PATH`.
 */
export const TELL = `
const { outcome, code } = document.querySelector('[data-outcome]').dataset
const message = { type: 'silent-sign-in', outcome, ...(code && { code }) }
new BroadcastChannel('signet' + location.pathname.replace(/\\/auth\\/[a-z]+$/, '')).postMessage(message)
close()
if (outcome === 'signed-in') setTimeout(() => location.replace(document.querySelector('.button').href), 500)
`
