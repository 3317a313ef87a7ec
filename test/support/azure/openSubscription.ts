/**
 * Stands in for Resource Manager: resource groups, what the templates put into them, deployments that keep their outputs, and a vault that
 * is deleted, cannot be made anew, and comes back as it was.
 */
import { type Answer, json, refuse } from './answer.ts'

export interface VaultResource {
  readonly name: string
  readonly group: string
  readonly location: string
  readonly tags: Readonly<Record<string, string>>
  /** Addresses that its network rules let in. */
  readonly admitted: readonly string[]
}

export interface Subscription {
  readonly id: string
  readonly groups: Set<string>
  vault: VaultResource | undefined
  readonly deletedVaults: VaultResource[]
  /** Settings of the function app, once there is one. */
  app: Readonly<Record<string, string>> | undefined
  /** Outputs of successful deployments by `group/name`. */
  readonly deployments: Map<string, Readonly<Record<string, { readonly value?: unknown }>>>
  /** What the template of the resources does. */
  deployMain(vault: VaultResource): Answer
  recover(name: string, group: string): Answer
  deleteGroup(group: string): void
}

export function openSubscription(id: string): Subscription {
  const subscription: Subscription = {
    id,
    groups: new Set(),
    vault: undefined,
    deletedVaults: [],
    app: undefined,
    deployments: new Map(),
    deployMain(vault) {
      subscription.groups.add(vault.group)
      if (subscription.deletedVaults.some(({ name }) => name === vault.name))
        return refuse('ConflictError: A vault with the same name already exists in deleted state.')
      subscription.vault = vault
      // Settings are a resource of their own: a site that is written again keeps them.
      subscription.app ??= {}
      return {}
    },
    recover(name, group) {
      const index = subscription.deletedVaults.findIndex((vault) => vault.name === name)
      const vault = subscription.deletedVaults[index]
      if (vault === undefined) return refuse(`No deleted Vault was found with name ${name}`)
      if (!subscription.groups.has(group)) return refuse(`ResourceGroupNotFound: ${group}`)
      subscription.deletedVaults.splice(index, 1)
      subscription.vault = vault
      return json({ name })
    },
    deleteGroup(group) {
      subscription.groups.delete(group)
      if (subscription.vault !== undefined) subscription.deletedVaults.push(subscription.vault)
      subscription.vault = undefined
      subscription.app = undefined
      for (const key of subscription.deployments.keys())
        if (key.startsWith(`${group}/`)) subscription.deployments.delete(key)
    },
  }
  return subscription
}
