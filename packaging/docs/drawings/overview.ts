/** Draws boxes and what goes between them, from a description that says where each box stands. */
import { fittingLines, picture, textLines, widthOf } from './svg.ts'

interface Box {
  readonly name: string
  readonly about: readonly string[]
  /** The middle of the box. */
  readonly x: number
  readonly y: number
  readonly isOurs?: boolean
}

interface Edge<Id extends string> {
  readonly from: Id
  readonly to: Id
  readonly text: string
  readonly back?: true
}

export interface Overview<Id extends string> {
  readonly title: string
  readonly width: number
  readonly height: number
  readonly boxes: Readonly<Record<Id, Box>>
  readonly edges: readonly Edge<Id>[]
}

const BOX_WIDTH = 214
const NAME_HEIGHT = 30
const LINE = 17
const FONT = 12

export function drawOverview<Id extends string>({
  title,
  width,
  height,
  boxes,
  edges,
}: Overview<Id>): string {
  const all: readonly Box[] = Object.values(boxes)
  const description = edges.map(({ from, to, text }) => `${boxes[from].name} to ${boxes[to].name}: ${text}.`)
  return picture({
    width,
    height,
    title,
    description: [...all.map(({ name, about }) => `${name}: ${about.join(' ')}.`), ...description].join(' '),
    content: [
      ...edges.map((edge) => drawEdge(boxes[edge.from], boxes[edge.to], edge)),
      ...all.flatMap(drawBox),
    ],
  })
}

function heightOf({ about }: Box): number {
  return NAME_HEIGHT + about.length * LINE + 8
}

function drawBox(box: Box): readonly string[] {
  const { name, about, x, y, isOurs } = box
  for (const line of about)
    if (widthOf(line, FONT) > BOX_WIDTH - 12) throw new Error(`too long for its box: ${line}`)
  const top = y - heightOf(box) / 2
  return [
    `<rect class="box${isOurs ? ' ours' : ''}" x="${x - BOX_WIDTH / 2}" y="${top}" width="${BOX_WIDTH}" height="${heightOf(box)}" rx="10"/>`,
    textLines([name], x, top + 22, LINE, 'name'),
    textLines(about, x, top + NAME_HEIGHT + 12, LINE, 'about'),
  ]
}

/** A straight line from edge to edge of the two boxes, its words on a ground of their own in the middle. */
function drawEdge<Id extends string>(from: Box, to: Box, { text, back }: Edge<Id>): string {
  const [start, end] = [onEdge(from, to), onEdge(to, from)]
  const lines = fittingLines(text, 150, FONT)
  const [x, y] = [(start.x + end.x) / 2, (start.y + end.y) / 2]
  const ground = Math.max(...lines.map((line) => widthOf(line, FONT))) + 8
  const top = y - (lines.length * LINE) / 2
  return [
    `<path class="arrow" d="M${start.x} ${start.y}L${end.x} ${end.y}" marker-end="url(#head)"${back ? ' marker-start="url(#head)"' : ''}/>`,
    `<rect class="page" x="${round(x - ground / 2)}" y="${round(top)}" width="${round(ground)}" height="${lines.length * LINE}"/>`,
    textLines(lines, x, round(top + 13), LINE, 'small'),
  ].join('\n')
}

/** Where the line from the middle of one box to that of another leaves it. */
function onEdge(box: Box, other: Box): { readonly x: number; readonly y: number } {
  const [dx, dy] = [other.x - box.x, other.y - box.y]
  const scale = Math.min(BOX_WIDTH / 2 / Math.abs(dx || 1e-9), heightOf(box) / 2 / Math.abs(dy || 1e-9))
  return { x: round(box.x + dx * scale), y: round(box.y + dy * scale) }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
