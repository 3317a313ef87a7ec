/** What a program of somebody else's has in its environment, to be on the desk that runs with whatever Node its owner has. Pure. */
import { delimiter, dirname, sep } from 'node:path'

interface ProgramEnv {
  /** Of the command: the program gets it all, but for what would change its Node. */
  readonly env: NodeJS.ProcessEnv
  /** Settings, identity and trust, as the app on the desk has them. */
  readonly desk: Readonly<Record<string, string>>
  /** Address of the module that leads the vault's name to the desk. */
  readonly preload: string
  /** Folder of this project. */
  readonly root: string
}

/** npm puts the programs of this project before the owner's, Node among them: they are taken out again. */
export function programEnv({ env, desk, preload, root }: ProgramEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: options = '', PATH: path = '', npm_package_json: manifest, ...rest } = env
  // As npm knows it: where the project is reached by a link, that is another path.
  const roots = [root, ...(manifest === undefined ? [] : [dirname(manifest)])]
  const others = Object.entries(rest).filter(([name]) => !/^(npm_|INIT_CWD$|NODE$)/.test(name))
  return {
    ...Object.fromEntries(others),
    ...desk,
    PATH: path
      .split(delimiter)
      .filter((folder) => !roots.some((each) => isOfNpm(folder, each)))
      .join(delimiter),
    NODE_OPTIONS: `${options} --import ${preload}`.trim(),
  }
}

function isOfNpm(folder: string, root: string): boolean {
  if (folder.endsWith('node-gyp-bin')) return true
  const bin = `${sep}node_modules${sep}.bin`
  return folder.endsWith(bin) && `${root}${sep}`.startsWith(`${dirname(dirname(folder))}${sep}`)
}
