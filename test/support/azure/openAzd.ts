/**
 * Stands in for the Azure Developer CLI, which runs hooks and commands in an order of its own: one after the other where a workflow says
 * so, else as a graph in which packing goes beside provisioning. Each hook in JavaScript first installs the dependencies of its folder.
 */
import type { AzdProject, Hook } from './azureYaml.ts'

export interface AzdWork {
  /** Runs the step that a hook's file names; lines it says go to `show`. */
  readonly hook: (file: string, show: (line: string) => void) => Promise<void>
  readonly provision: () => Promise<void>
  /** Takes as long as there is anything else to do, so that what may overlap does. */
  readonly install: (folder: string) => Promise<void>
}

export interface Azd {
  /** What began, in order: hooks as `preprovision`, commands as `provision:`. */
  readonly begun: readonly string[]
  /** The most installations that were under way in one folder at a time. */
  readonly mostInstalling: number
  /** What a person sees of hooks. */
  readonly screen: readonly string[]
  run(command: 'up' | 'package' | 'provision' | 'deploy'): Promise<void>
}

type Step = () => Promise<void>

/** Lines of a hook that stay on the screen, unless the hook has the console to itself. */
const WINDOW = 8

export function openAzd(project: AzdProject, work: AzdWork): Azd {
  const begun: string[] = []
  const screen: string[] = []
  let installing = 0
  let most = 0

  const hook =
    (name: string, of: Readonly<Record<string, Hook>> | undefined): Step =>
    async () => {
      const found = of?.[name]
      if (found === undefined) return
      if (found.kind !== 'js') throw new Error(`a hook of kind ${found.kind}`)
      installing += 1
      most = Math.max(most, installing)
      await work.install(found.dir)
      installing -= 1
      begun.push(name)
      const lines: string[] = []
      try {
        await work.hook(found.run, (line) => lines.push(...line.split('\n')))
      } finally {
        screen.push(...(found.interactive === 'true' ? lines : lines.slice(-WINDOW)))
      }
    }
  const command =
    (name: string, action: Step = async () => {}): Step =>
    async () => {
      begun.push(`${name}:`)
      await action()
    }
  const packageServices: Step = async () => {
    for (const { hooks } of Object.values(project.services)) {
      await inOrder(hook('prepackage', hooks), command('package'), hook('postpackage', hooks))
    }
  }

  const commands = {
    package: () =>
      inOrder(hook('prepackage', project.hooks), packageServices, hook('postpackage', project.hooks)),
    provision: () =>
      inOrder(
        hook('preprovision', project.hooks),
        command('provision', work.provision),
        hook('postprovision', project.hooks),
      ),
    deploy: () =>
      inOrder(
        hook('predeploy', project.hooks),
        packageServices,
        command('deploy'),
        hook('postdeploy', project.hooks),
      ),
    async up() {
      const steps = project.workflows?.up
      if (steps === undefined) return graph()
      for (const { azd } of steps) await commands[azd.split(' ')[0] as 'package' | 'provision' | 'deploy']()
    },
  }

  /** Without a workflow: the project's own prepackage comes first, then packing and provisioning go side by side. */
  async function graph(): Promise<void> {
    await hook('prepackage', project.hooks)()
    await Promise.all([
      inOrder(packageServices, hook('postpackage', project.hooks)),
      inOrder(commands.provision, hook('predeploy', project.hooks)),
    ])
    await inOrder(command('deploy'), hook('postdeploy', project.hooks))
  }

  return {
    begun,
    screen,
    get mostInstalling() {
      return most
    },
    run: (name) => commands[name](),
  }
}

async function inOrder(...steps: readonly Step[]): Promise<void> {
  for (const step of steps) await step()
}
