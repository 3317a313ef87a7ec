import { type Html, html } from '../../lib/http/html.ts'
import { STYLE } from '../../lib/http/pages/style.ts'
import type { Reply } from '../entra/wire/reply.ts'
import { type DeskPages, deskPage } from '../pages/deskPage.ts'
import type { Deed } from './deeds.ts'
import { type Dial, placeOfDeed } from './dial.ts'
import type { KeyUse } from './keyUse.ts'
import type { PersonRow } from './people.ts'

/** Where the switchboard lives on the look-alike's port. */
export const SWITCHBOARD_PATH = '/desk'

/** Where on the page the people are. */
export const PEOPLE_PLACE = 'people'
/** Where all is that is done once. */
const ONCE_PLACE = 'once'
/** And where it says who uses the key. */
export const KEY_PLACE = 'key'

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
.positions .button[aria-pressed=true]::before{content:"✓ ";content:"✓ "/""}
@media (forced-colors:active){.positions .button[aria-pressed=true]{border:3px solid Highlight}}
.dial h2 small{margin-left:.5rem;font-size:.875rem;font-weight:400;color:var(--muted)}
.now{padding:.875rem 1.125rem;border:1px solid var(--line);border-radius:.5rem;background:var(--plate)}
.now ul{padding-left:1.25rem}
.now form{margin-top:.75rem}
.now form p{margin-top:.375rem;font-size:.9375rem;color:var(--muted)}
.people{list-style:none}
.people li{margin-top:1.25rem}
.people b{color:var(--text)}
.people .positions{margin-top:.5rem}
.contents ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin-top:1rem;padding:0;list-style:none;font-size:.9375rem}
form .done,.now form .done{color:var(--text);font-weight:600}
.deeds{padding-top:1.5rem;border-top:1px solid var(--line)}
.deeds form{margin-top:1.25rem}
.deeds .button{font-size:.9375rem}
.key ul{padding-left:1.25rem;margin-top:.25rem;font-size:.9375rem;color:var(--muted)}
.key li{margin-top:.25rem}
.key b{color:var(--text)}
.key code{overflow-wrap:anywhere}
.key form{margin-bottom:1.25rem}
`,
  footer: 'Only on this desk: no switch of these exists in the app.',
  hasForms: true,
}

interface View {
  readonly dials: readonly Dial[]
  /** The position of each dial, by the names of both. */
  readonly turned: ReadonlyMap<string, string>
  readonly people: readonly PersonRow[]
  readonly keyUse: KeyUse
  readonly deeds: readonly Deed[]
  /** That which puts everything back, above all others. */
  readonly usual: Deed
  /** The last thing that somebody did here, unless it shows elsewhere on the page. */
  readonly lastDone: Done | undefined
  readonly appOrigin: string
}

export interface Done {
  /** Name of the deed. */
  readonly deed: string
  readonly words: string
}

export function switchboardPage(view: View): Reply {
  const { dials, turned, people, keyUse, deeds, usual, lastDone, appOrigin } = view
  return deskPage(PAGES, {
    title: 'Break something',
    main: html`<h1>Break something</h1>
<p class="lede">Set how the stand‑ins behave, then <a href="${appOrigin}/">use the app</a> and see what a person sees.</p>
<section class="now" aria-label="How things stand">${summary(dials, turned)}
${deedForm(usual, lastDone)}</section>
${contents(dials)}
${dials.map((dial) => section(dial, turned.get(dial.name)))}
<section class="dial" id="${PEOPLE_PLACE}"><h2>People</h2>
<p>To revoke grants ends somebody’s refresh tokens and their session at Entra; a disabled account gets no token and no sign-in. Whoever is signed in notices when the app next needs a token for them.</p>
<ul class="people" role="list">
${people.map(personRow)}</ul></section>
${keySection(keyUse)}
<section class="deeds" id="${ONCE_PLACE}"><h2>Once</h2>
${deeds.map((deed) => deedForm(deed, lastDone))}</section>`,
  })
}

/** What is not as usual, in words and with a link to each, so that nobody has to look for the pressed button. */
function summary(dials: readonly Dial[], turned: View['turned']): Html {
  const changed = dials.flatMap(({ name, title, positions: [, ...others] }) => {
    const position = others.find((each) => each.name === turned.get(name))
    return position === undefined ? [] : [html`<li><a href="#${name}">${title}</a>: ${position.label}</li>\n`]
  })
  if (changed.length === 0) return html`<p>Every dial stands as usual.</p>`
  return html`<p>Not as usual:</p><ul>
${changed}</ul>`
}

/** The page is long: what there is on it, and the deed that most dials are tried with. */
function contents(dials: readonly Dial[]): Html {
  const places = [
    ...dials.map(({ name, title }) => [name, title] as const),
    [PEOPLE_PLACE, 'People'],
    [KEY_PLACE, 'Who uses the key'],
    [ONCE_PLACE, 'Once'],
    [placeOfDeed('restart'), 'Restart the app'],
  ]
  return html`<nav class="contents" aria-label="On this page"><ul role="list">
${places.map(([place, title]) => html`<li><a href="#${place}">${title}</a></li>\n`)}</ul></nav>`
}

function personRow({ name, standing, deeds }: PersonRow): Html {
  const buttons = deeds.map(
    (deed) => html`<button class="button quiet" name="do" value="${deed.name}">${deed.label}</button>\n`,
  )
  return html`<li><p><b>${name}</b> ${standing}</p>
<form class="positions" method="post" action="${SWITCHBOARD_PATH}" aria-label="${name}">
${buttons}</form></li>
`
}

function keySection({ signatures, tries, deed }: KeyUse): Html {
  const items = (lines: readonly Html[]): readonly Html[] => lines.map((line) => html`<li>${line}</li>\n`)
  const none = html`<p>The vault has signed nothing yet.</p>`
  const made = html`<p>What the vault signed, by caller, as its log has it:</p>
<ul>
${items(signatures)}</ul>`
  const told = html`<p>What came of it, the newest first:</p>
<ul>
${items(tries)}</ul>`
  return html`<section class="deeds key" id="${KEY_PLACE}"><h2>Who uses the key</h2>
${signatures.length === 0 ? none : made}
${deedForm(deed, undefined)}
${tries.length === 0 ? undefined : told}</section>`
}

function section({ name, title, about, positions }: Dial, turned: string | undefined): Html {
  const now = positions.find((position) => position.name === turned)?.label
  const buttons = positions.map(
    (position) =>
      html`<button class="button quiet" name="turn" value="${name}:${position.name}" aria-pressed="${String(position.name === turned)}">${position.label}</button>\n`,
  )
  return html`<section class="dial" id="${name}"><h2>${title} <small>${now}</small></h2>
<p>${about}</p>
<form class="positions" method="post" action="${SWITCHBOARD_PATH}" aria-label="${title}">
${buttons}</form></section>
`
}

function deedForm({ name, label, does }: Deed, done: Done | undefined): Html {
  const told = done?.deed === name ? html`\n<p class="done" role="status">${done.words}</p>` : undefined
  return html`<form id="${placeOfDeed(name)}" method="post" action="${SWITCHBOARD_PATH}"><button class="button quiet" name="do" value="${name}">${label}</button>
<p>${does}</p>${told}</form>
`
}
