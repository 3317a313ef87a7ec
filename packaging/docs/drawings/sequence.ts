/** Draws who sends what to whom, in order, from a description. The same description always gives the same picture. */
import { escaped, fittingLines, picture, textLines, widthOf } from './svg.ts'

export interface Actor {
  readonly name: string
  readonly about: string
  /** Ours, as against what is around it. */
  readonly isOurs?: boolean
}

export type Step<Id extends string> =
  /** `behind`: nobody waits for it. */
  | { readonly from: Id; readonly to: Id; readonly text: string; readonly behind?: true }
  /** What happens at one of them, or at all from one to another. */
  | { readonly at: Id | readonly [from: Id, to: Id]; readonly text: string }
  /** What happens only under a condition. */
  | { readonly when: string; readonly steps: readonly Step<Id>[] }

export interface Sequence<Id extends string> {
  readonly title: string
  /** Left to right. */
  readonly actors: Readonly<Record<Id, Actor>>
  readonly steps: readonly Step<Id>[]
}

const MARGIN = 16
const COLUMN = 180
const BOX_WIDTH = 148
const BOX_HEIGHT = 52
const FONT = 13
const LINE = 17
const GAP = 16
const BADGE = 9

export function drawSequence<Id extends string>({ title, actors, steps }: Sequence<Id>): string {
  const ids = Object.keys(actors) as Id[]
  const width = 2 * MARGIN + ids.length * COLUMN
  const xOf = (id: Id): number => MARGIN + COLUMN * (ids.indexOf(id) + 0.5)
  const drawn: string[] = []
  const told: string[] = []
  let y = MARGIN + BOX_HEIGHT + GAP
  let number = 0

  function message(from: Id, to: Id, text: string, behind: boolean): void {
    const [start, end] = [xOf(from), xOf(to)]
    const direction = Math.sign(end - start)
    const room = Math.abs(end - start) - 4 * BADGE
    const lines = fittingLines(text, room, FONT)
    number += 1
    told.push(`${number}. ${actors[from].name} to ${actors[to].name}: ${text}.`)
    drawn.push(textLines(lines, (start + end) / 2 + direction * BADGE, y + FONT, LINE, 'text'))
    y += lines.length * LINE + 6
    drawn.push(
      `<path class="arrow${behind ? ' behind' : ''}" d="M${start} ${y}H${end - direction}" marker-end="url(#head)"/>`,
      `<circle class="badge" cx="${start}" cy="${y}" r="${BADGE}"/>`,
      textLines([String(number)], start, y + 4, LINE, 'number'),
    )
    y += BADGE + GAP / 2
  }

  function note(at: Id | readonly [Id, Id], text: string): void {
    const [first, last] = typeof at === 'string' ? [at, at] : at
    const [left, right] = [xOf(first) - COLUMN / 2 + 4, xOf(last) + COLUMN / 2 - 4]
    const lines = fittingLines(text, right - left - 16, FONT)
    const height = lines.length * LINE + 10
    told.push(`${actors[first].name}: ${text}.`)
    drawn.push(
      `<rect class="note" x="${left}" y="${y}" width="${right - left}" height="${height}" rx="6"/>`,
      textLines(lines, (left + right) / 2, y + FONT + 5, LINE, 'text'),
    )
    y += height + GAP / 2 + 4
  }

  function condition(when: string, inner: readonly Step<Id>[]): void {
    const top = y
    told.push(`${when}:`)
    drawn.push(`<text class="title" x="${MARGIN / 2 + 10}" y="${y + FONT + 6}">${escaped(when)}</text>`)
    y += LINE + GAP
    for (const step of inner) draw(step)
    drawn.push(
      `<rect class="frame" x="${MARGIN / 2}" y="${top}" width="${width - MARGIN}" height="${y - top}" rx="6"/>`,
    )
    y += GAP
  }

  function draw(step: Step<Id>): void {
    if ('when' in step) condition(step.when, step.steps)
    else if ('at' in step) note(step.at, step.text)
    else message(step.from, step.to, step.text, step.behind ?? false)
  }

  for (const step of steps) draw(step)
  const height = y + MARGIN / 2
  const heads = ids.flatMap((id) => head(actors[id], xOf(id), height))
  return picture({ width, height, title, description: told.join(' '), content: [...heads, ...drawn] })
}

/** The box of an actor, and the line that its messages begin and end at. */
function head({ name, about, isOurs }: Actor, x: number, height: number): readonly string[] {
  if (widthOf(name, 14) > BOX_WIDTH || widthOf(about, 12) > BOX_WIDTH)
    throw new Error(`too long for its box: ${name}, ${about}`)
  return [
    `<path class="life" d="M${x} ${MARGIN + BOX_HEIGHT}V${height - MARGIN / 2}"/>`,
    `<rect class="box${isOurs ? ' ours' : ''}" x="${x - BOX_WIDTH / 2}" y="${MARGIN}" width="${BOX_WIDTH}" height="${BOX_HEIGHT}" rx="8"/>`,
    textLines([name], x, MARGIN + 22, LINE, 'name'),
    textLines([about], x, MARGIN + 40, LINE, 'about'),
  ]
}
