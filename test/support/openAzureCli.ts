/** Stands in for `az`, `azd` and `npm` at the process boundary: a directory, a resource group and an environment that remember. */
import type { RegisteredCredential } from '../../infra/hooks/mergeCredentials.ts'
import type { CommandResult, Run } from '../../infra/hooks/run.ts'

export interface AzureCli {
  readonly run: Run
  /** Every command line, with what was laid over the environment. */
  readonly commands: { readonly line: string; readonly env: Readonly<Record<string, string>> }[]
  /** What azd keeps. */
  readonly env: Record<string, string>
  /** Certificates by unique name of the application. */
  readonly registered: Map<string, readonly RegisteredCredential[]>
  /** Answers by the beginning of a command line, in place of the usual ones; the first in line is used up. */
  readonly answers: Map<string, Partial<CommandResult>[]>
}

export const SIGN_IN_CLIENT_ID = '00000000-0000-4000-8000-00000000000c'
export const APP_ONLY_CLIENT_ID = '00000000-0000-4000-8000-0000000000ac'

/** The report of a doctor who is content. */
const PROVEN = {
  verdict: 'pass',
  checks: [{ id: 'assertion', title: 'Entra accepts the assertion', verdict: 'pass', seen: 'It did.' }],
}

export function openAzureCli(env: Readonly<Record<string, string>>): AzureCli {
  const kept = { ...env }
  const commands: AzureCli['commands'] = []
  const registered = new Map<string, readonly RegisteredCredential[]>()
  const answers: AzureCli['answers'] = new Map()
  const name = env.AZURE_ENV_NAME ?? ''

  function register(uniqueName: string, json: string | undefined): void {
    const list = JSON.parse(json ?? 'null') as RegisteredCredential[]
    // As Graph gives it back: whole seconds, and a thumbprint of its own.
    const stored = list.map((one) => ({ ...one, endDateTime: one.endDateTime.replace('.000Z', 'Z') }))
    registered.set(uniqueName, stored.toReversed())
  }

  function answer(line: string, overlay: Readonly<Record<string, string>>): Partial<CommandResult> {
    if (line.startsWith('az account show')) return json({ id: kept.AZURE_SUBSCRIPTION_ID })
    if (line.startsWith('az keyvault list-deleted')) return json([])
    if (line.startsWith('az rest --method get')) {
      const uniqueName = /uniqueName='([^']*)'/.exec(line)?.[1] ?? ''
      const keyCredentials = registered.get(uniqueName)
      if (keyCredentials !== undefined) return json({ keyCredentials })
      return { code: 1, stderr: 'Not Found({"error":{"code":"Request_ResourceNotFound"}})' }
    }
    if (line.startsWith('az deployment group create')) {
      register(`signet-${name}`, overlay.SIGNET_SIGNING_CERTIFICATES)
      register(`signet-app-only-${name}`, overlay.SIGNET_APP_ONLY_CERTIFICATES)
      const outputs = {
        // Resource Manager has been seen to change the case of names.
        entrA_CLIENT_ID: { value: SIGN_IN_CLIENT_ID },
        APP_ONLY_CLIENT_ID: { value: APP_ONLY_CLIENT_ID },
      }
      return json({ properties: { outputs } })
    }
    if (line.startsWith('az deployment sub create')) return json({})
    const [, key = '', value = ''] = /^azd env set (\S+) (\S+) --environment /.exec(line) ?? []
    if (key !== '') {
      kept[key] = value
      return {}
    }
    return line.startsWith('npm run') ? json(PROVEN) : { code: 2, stderr: `unexpected: ${line}` }
  }

  return {
    env: kept,
    commands,
    registered,
    answers,
    async run(command, args, overlay = {}) {
      const line = [command, ...args].join(' ')
      commands.push({ line, env: overlay })
      const scripted = [...answers].find(([start]) => line.startsWith(start))?.[1].shift()
      return { code: 0, stdout: '', stderr: '', ...(scripted ?? answer(line, overlay)) }
    },
  }
}

function json(value: unknown): Partial<CommandResult> {
  return { stdout: JSON.stringify(value) }
}
