import type { Reply } from '../wire/reply.ts'
import { html } from './html.ts'
import { cspSource, page } from './page.ts'

type SignedOut = {
  readonly organisation: string
  /** Front-channel logout URLs, `sid` included. */
  readonly frontChannel: readonly string[]
  /** Where the browser goes afterwards; undefined to stay. */
  readonly returnTo: string | undefined
}

/** Longest wait for the applications, in seconds, where no script counts their answers. */
const patienceSeconds = 3

/** Tells each application in a hidden frame (OpenID Connect Front-Channel Logout), then sends the browser on. */
export function signedOutPage({ organisation, frontChannel, returnTo }: SignedOut): Reply {
  const patience = frontChannel.length > 0 ? patienceSeconds : 0
  return page({
    title: 'Signed out',
    organisation,
    frames: frontChannel.map(cspSource),
    ...(returnTo === undefined
      ? {}
      : {
          script: goWhenTold,
          head: html`<meta http-equiv="refresh" content="${patience};url=${returnTo}">`,
        }),
    body: html`<h1>You signed out</h1>
<p class="lead">${told(frontChannel.length)}</p>
${returnTo === undefined ? undefined : html`<p><a href="${returnTo}">Back to ${new URL(returnTo).host}</a></p>`}
${frontChannel.map((url) => html`<iframe src="${url}" title="Signing out"></iframe>`)}`,
  })
}

function told(count: number): string {
  if (count === 0) return 'No application had to be told.'
  return count === 1 ? 'The application is being told.' : `${count} applications are being told.`
}

/** Goes on as soon as every frame has loaded, sooner than the refresh would. */
const goWhenTold = `
const frames = [...document.querySelectorAll('iframe')];
Promise.all(frames.map((frame) => new Promise((done) => frame.addEventListener('load', done))))
  .then(() => location.replace(document.querySelector('a').href));
`
