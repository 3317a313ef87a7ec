/** Where an error came from, as a log may tell it: the frames of its stack without its message and without the paths of the machine. */

const MOST_FRAMES = 10
const LONGEST_NAME = 80
/** V8's form: `    at name (file:line:column)`, or `    at file:line:column` where there is no name. */
const FRAME = /^ {4}at (?:(.+) \()?(.+):(\d+):(\d+)\)?$/
/** `name`, `Class.method`, `async name`, `new Class`, `Object.<anonymous>`, `name [as other]`. */
const NAME = /^(?:async |new )*[\w$.#<>]+(?: \[as [\w$]+\])?$/
/** Folders of packages and of the product: a path is told from the last of the first kind on, or else of the second. */
const FOLDERS = [/^.*\/(?=node_modules\/)/, /^.*\/(?=(?:lib|functions|dist)\/)/] as const

/**
 * At most ten places, innermost first, as `file:line:column name`. Empty where the stack does not hold the error's own message: then
 * nothing tells frames from words. Never throws.
 */
export function stackFrames(error: Error): readonly string[] {
  try {
    const { stack, message } = error
    const messageAt = String(stack).indexOf(message)
    if (stack === undefined || messageAt < 0) return []
    const [, ...lines] = stack.slice(messageAt + message.length).split('\n')
    return lines.flatMap(frame).slice(0, MOST_FRAMES)
  } catch {
    return []
  }
}

function frame(line: string): string[] {
  const [matched, name = '', file = '', row, column] = FRAME.exec(line) ?? []
  if (matched === undefined) return []
  const isNamed = name.length <= LONGEST_NAME && NAME.test(name)
  return [`${placeOf(file)}:${row}:${column}${isNamed ? ` ${name}` : ''}`]
}

/** `node:…` as it stands, a path from a known folder on, and of any other file the bare name. */
function placeOf(file: string): string {
  if (/^node:[\w/]{1,80}$/.test(file)) return file
  const path = file.replaceAll('\\', '/')
  const folder = FOLDERS.find((one) => one.test(path))
  const place = folder === undefined ? path.slice(path.lastIndexOf('/') + 1) : path.replace(folder, '')
  return /^[\w@./-]{1,160}$/.test(place) ? place : '?'
}
