/**
 * What the pictures share: escaped text, broken into lines by an estimate of its width, and a frame with colours for light and dark. A
 * picture brings its own background, because the page around it may be of either.
 */

/** Text that came from a description, as it stands between tags and in attributes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** Average width of a character in ems, on the generous side: whatever font is there has to fit. */
const CHARACTER_EMS = 0.56

export function widthOf(text: string, fontPx: number): number {
  return [...text].length * fontPx * CHARACTER_EMS
}

/** Lines no wider than `maxPx`, broken at spaces. Throws where a word is too long for one. */
export function fittingLines(text: string, maxPx: number, fontPx: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    if (widthOf(word, fontPx) > maxPx) throw new Error(`too long for its place: ${word}`)
    const last = lines.at(-1)
    const longer = last === undefined ? word : `${last} ${word}`
    if (last !== undefined && widthOf(longer, fontPx) > maxPx) lines.push(word)
    else lines.splice(-1, 1, longer)
  }
  return lines
}

/** Lines of text around the middle `x`, the first with its baseline at `y`. */
export function textLines(
  lines: readonly string[],
  x: number,
  y: number,
  lineHeight: number,
  kind: string,
): string {
  return lines
    .map((line, i) => `<text class="${kind}" x="${x}" y="${y + i * lineHeight}">${escaped(line)}</text>`)
    .join('\n')
}

const LIGHT =
  '--page:#ffffff;--plate:#f4f6f5;--line:#c3cbc6;--edge:#77817b;--text:#18201c;--muted:#56605a;--accent:#1d5c4b;--on-accent:#ffffff'
const DARK =
  '--page:#121615;--plate:#1f2624;--line:#46504c;--edge:#7f8a84;--text:#e6ebe8;--muted:#a3aea8;--accent:#8fcdb5;--on-accent:#10201a'

const STYLE = `svg{${LIGHT}}
@media (prefers-color-scheme:dark){svg{${DARK}}}
.page{fill:var(--page)}
text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:var(--text);text-anchor:middle}
.name{font-size:14px;font-weight:600}
.about,.small{font-size:12px;fill:var(--muted)}
.title{font-weight:600;text-anchor:start}
.number{font-size:11px;font-weight:600;fill:var(--on-accent)}
.badge{fill:var(--accent)}
.box{fill:var(--plate);stroke:var(--edge)}
.ours{stroke:var(--accent);stroke-width:2}
.note{fill:var(--plate);stroke:var(--line)}
.life{stroke:var(--line);stroke-dasharray:2 5}
.arrow{stroke:var(--text);stroke-width:1.5;fill:none}
.behind{stroke-dasharray:6 4}
.head{fill:var(--text)}
.frame{fill:none;stroke:var(--edge);stroke-dasharray:3 3}`

interface Frame {
  readonly width: number
  readonly height: number
  readonly title: string
  /** What the picture says, for whoever does not see it. */
  readonly description: string
  readonly content: readonly string[]
}

/** A whole picture. It loads nothing and runs nothing. */
export function picture({ width, height, title, description, content }: Frame): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">
<title id="title">${escaped(title)}</title>
<desc id="desc">${escaped(description)}</desc>
<style>${STYLE}</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path class="head" d="M0 0L8 4L0 8z"/></marker></defs>
<rect class="page" width="${width}" height="${height}" rx="10"/>
${content.join('\n')}
</svg>
`
}
