/** The command line of `npm run desk`. */

export const USAGE = `npm run desk                            prints the settings of the desk that runs
npm run desk -- <program> [arguments]   runs a program of yours on it, in your folder, on your own Node

  npm --prefix ../signet run --silent desk -- node api.js`

/** The program and its arguments, undefined where none is named, or a sentence on what is wrong; `help` where the usage was asked for. */
export function readDeskOptions(
  argv: readonly string[],
): readonly [program: string, ...args: string[]] | undefined | string {
  const [program, ...args] = argv
  if (program === undefined) return undefined
  if (program === '--help' || program === '-h') return 'help'
  if (program.startsWith('-')) return `${program} is no option: name a program, or nothing.`
  return [program, ...args]
}
