import { type Html, html } from '../../lib/http/html.ts'
import { STYLE } from '../../lib/http/pages/style.ts'
import type { Reply } from '../entra/wire/reply.ts'
import { type DeskPages, deskPage } from '../pages/deskPage.ts'
import type { Deed } from './deeds.ts'
import type { Dial } from './dials.ts'

/** Where the switchboard lives on the look-alike's port. */
export const SWITCHBOARD_PATH = '/desk'

const PAGES: DeskPages = {
  name: 'switchboard',
  path: SWITCHBOARD_PATH,
  style: `${STYLE}
.brand small{font-size:1rem;font-weight:400;color:var(--muted)}
main a{color:var(--accent)}
.dial{padding-top:1.5rem;border-top:1px solid var(--line)}
.dial h2,.deeds h2{font-size:1.0625rem}
.dial p,.deeds p{margin-top:.25rem;font-size:.9375rem;color:var(--muted)}
.positions{display:flex;flex-wrap:wrap;gap:.5rem;margin-top:.875rem}
.positions .button{padding:.375rem .875rem;font-size:.9375rem;font-weight:400}
.positions .button[aria-pressed=true]{background:var(--accent);border-color:var(--accent);color:var(--on-accent);font-weight:600}
.deeds{padding-top:1.5rem;border-top:1px solid var(--line)}
.deeds form{margin-top:1.25rem}
.deeds .button{font-size:.9375rem}
`,
  footer: 'Only on this desk: no switch of these exists in the app.',
  hasForms: true,
}

interface View {
  readonly dials: readonly Dial[]
  /** The position of each dial, by the names of both. */
  readonly turned: ReadonlyMap<string, string>
  readonly deeds: readonly Deed[]
  readonly appOrigin: string
}

export function switchboardPage({ dials, turned, deeds, appOrigin }: View): Reply {
  return deskPage(PAGES, {
    title: 'Break something',
    main: html`<h1>Break something</h1>
<p class="lede">Set how the stand‑ins behave, then <a href="${appOrigin}/">use the app</a> and see what a person sees.</p>
${dials.map((dial) => section(dial, turned.get(dial.name)))}
<section class="deeds"><h2>Once</h2>
${deeds.map(deedForm)}</section>`,
  })
}

function section({ name, title, about, positions }: Dial, turned: string | undefined): Html {
  const buttons = positions.map(
    (position) =>
      html`<button class="button quiet" name="turn" value="${name}:${position.name}" aria-pressed="${String(position.name === turned)}">${position.label}</button>\n`,
  )
  return html`<section class="dial"><h2>${title}</h2>
<p>${about}</p>
<form class="positions" method="post" action="${SWITCHBOARD_PATH}" aria-label="${title}">
${buttons}</form></section>
`
}

function deedForm({ name, label, does }: Deed): Html {
  return html`<form method="post" action="${SWITCHBOARD_PATH}"><button class="button quiet" name="do" value="${name}">${label}</button>
<p>${does}</p></form>
`
}
