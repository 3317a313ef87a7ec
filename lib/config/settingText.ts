/**
 * The text of a setting before it means anything. The white space that people and shells leave around a value goes; a character that
 * nobody sees is refused, for it came along when the value was copied and would make it another one.
 */

/** Outer white space, by name: `trim` would take a no-break space along and hide that it was there. */
const AROUND = /^[ \t\r\n]+|[ \t\r\n]+$/g

/** Controls, formats, separators and all that Unicode calls ignorable, but for the white space that a keyboard makes. */
const UNSEEN = /[[\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}]--[ \t\r\n]]/v

/** Without the white space around it: space, tab, carriage return, line feed. */
export function withoutOuterSpace(text: string): string {
  return text.replace(AROUND, '')
}

/** What is wrong with a text that holds a character nobody sees, by the character's number; undefined where there is none. */
export function unseenCharacterIn(text: string): string | undefined {
  const found = UNSEEN.exec(text)?.[0]
  if (found === undefined) return undefined
  const number = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return `holds a character that cannot be seen (U+${number}): delete the value and type it anew`
}

/** The words of a list, separated by white space and, where `separator` is given, by that as well. */
export function wordsIn(text: string, separator = ''): string[] {
  const parts = text.split(/[ \t\r\n]/)
  return (separator === '' ? parts : parts.flatMap((part) => part.split(separator))).filter(Boolean)
}
