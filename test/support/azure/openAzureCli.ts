/** Stands in for `az`, `azd` and `npm` at the process boundary: a directory, a subscription and an environment that remember. */
import { readFileSync } from 'node:fs'
import { subjectOf } from '../../../infra/hooks/registrationRequest.ts'
import type { CommandResult, Run } from '../../../infra/hooks/run.ts'
import { type Answer, json, optionOf, refuse } from './answer.ts'
import { type Directory, openDirectory } from './openDirectory.ts'
import { openSubscription, type Subscription } from './openSubscription.ts'

export interface AzureCli {
  readonly run: Run
  /** Every command line, with what was laid over the environment. */
  readonly commands: { readonly line: string; readonly env: Readonly<Record<string, string>> }[]
  /** What azd keeps. */
  readonly env: Record<string, string>
  readonly directory: Directory
  readonly subscription: Subscription
  /** Answers by the beginning of a command line, in place of the usual ones; the first in line is used up. */
  readonly answers: Map<string, Partial<CommandResult>[]>
}

/** The report of a doctor who is content. */
const PROVEN = {
  verdict: 'pass',
  checks: [{ id: 'assertion', title: 'Entra accepts the assertion', verdict: 'pass', seen: 'It did.' }],
}
const GRAPH = 'https://graph.microsoft.com/v1.0/'

export function openAzureCli(env: Readonly<Record<string, string>>): AzureCli {
  const kept = { ...env }
  const commands: AzureCli['commands'] = []
  const answers: AzureCli['answers'] = new Map()
  const directory = openDirectory()
  const subscription = openSubscription(env.AZURE_SUBSCRIPTION_ID ?? '')

  function keep(args: readonly string[], values: Readonly<Record<string, string>>, answer: Answer): Answer {
    if (answer.code !== undefined) return answer
    const outputs = {
      ...JSON.parse(answer.stdout ?? '{}'),
      fingerprint: { value: values.SIGNET_FINGERPRINT },
    }
    subscription.deployments.set(`${optionOf(args, '--resource-group')}/${optionOf(args, '--name')}`, outputs)
    return json({ properties: { provisioningState: 'Succeeded', outputs } })
  }

  function deploy(args: readonly string[], overlay: Readonly<Record<string, string>>): Answer {
    const values = { ...kept, ...overlay }
    const lists = {
      signIn: overlay.SIGNET_SIGNING_CERTIFICATES,
      appOnly: overlay.SIGNET_APP_ONLY_CERTIFICATES,
    }
    if (optionOf(args, '--parameters').endsWith('entra.bicepparam'))
      return keep(args, overlay, directory.deploy(subjectOf({ env: values }), lists))
    if (subscription.app === undefined) return refuse('ResourceNotFound: Microsoft.Web/sites')
    subscription.app = { ENTRA_CLIENT_ID: values.ENTRA_CLIENT_ID ?? '', PUBLIC_URL: values.PUBLIC_URL ?? '' }
    return keep(args, overlay, {})
  }

  function deletedVaults(): Answer {
    return json(
      subscription.deletedVaults.map(({ name, group, location, tags }) => ({
        name,
        properties: {
          location,
          tags,
          vaultId: `/subscriptions/${subscription.id}/resourceGroups/${group}/providers/Microsoft.KeyVault/vaults/${name}`,
        },
      })),
    )
  }

  /** By the first words of a command. */
  const known: Readonly<
    Record<string, (args: readonly string[], overlay: Readonly<Record<string, string>>) => Answer>
  > = {
    'az account show': () => json({ id: kept.AZURE_SUBSCRIPTION_ID }),
    'az provider show': () => json({ registrationState: 'Registered' }),
    'az keyvault list-deleted': deletedVaults,
    'az keyvault recover': (args) =>
      subscription.recover(optionOf(args, '--name'), optionOf(args, '--resource-group')),
    'az group exists': (args) => json(subscription.groups.has(optionOf(args, '--name'))),
    'az group create': (args) => {
      subscription.groups.add(optionOf(args, '--name'))
      return json({})
    },
    'az rest --method get': (args) => directory.get(optionOf(args, '--url').slice(GRAPH.length)),
    'az rest --method post': (args) =>
      directory.assignRole(readFileSync(optionOf(args, '--body').slice(1), 'utf8')),
    'az deployment group create': deploy,
    'az deployment group show': (args) => {
      const outputs = subscription.deployments.get(
        `${optionOf(args, '--resource-group')}/${optionOf(args, '--name')}`,
      )
      return outputs === undefined
        ? refuse('DeploymentNotFound')
        : json({ properties: { provisioningState: 'Succeeded', outputs } })
    },
    'az functionapp config appsettings list': () =>
      json(Object.entries(subscription.app ?? {}).map(([name, value]) => ({ name, value }))),
    'azd env set': ([, , key = '', value = '']) => {
      kept[key] = value
      return {}
    },
    'npm run': () => json(PROVEN),
  }

  return {
    env: kept,
    commands,
    directory,
    subscription,
    answers,
    async run(command, args, overlay = {}) {
      const line = [command, ...args].join(' ')
      commands.push({ line, env: overlay })
      const scripted = [...answers].find(([start]) => line.startsWith(start))?.[1].shift()
      const usual = Object.entries(known).find(([start]) => line.startsWith(`${start} `))?.[1]
      const answer = scripted ?? usual?.(args, overlay) ?? { code: 2, stderr: `unexpected: ${line}` }
      return { code: 0, stdout: '', stderr: '', ...answer }
    },
  }
}
