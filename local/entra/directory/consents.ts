import type { Application } from './application.ts'
import type { Account } from './person.ts'
import { graphAppId } from './resource.ts'
import type { ResourceScopes } from './scopes.ts'

/** Who agreed to what: the administrator for everybody in the registration, and each person for themselves. */
export type Consents = {
  /** The permissions among those asked that nobody has agreed to yet. */
  missing(client: Application, account: Account, asked: ResourceScopes): string[]
  /** The permissions a token may carry: those asked and consented, `.default` spelled out. */
  granted(client: Application, account: Account, asked: ResourceScopes): string[]
  /** Records one person's agreement. */
  accept(client: Application, account: Account, asked: ResourceScopes): void
  /** Takes back what people agreed to for one resource, by its client id. */
  forget(appId: string): void
}

/** Creates an empty record of consents. `isWithheld`: whether the administrator's agreement counts for nothing at that resource. */
export function createConsents(isWithheld: (appId: string) => boolean): Consents {
  const accepted = new Set<string>()
  const key = (client: Application, account: Account, appId: string, permission: string) =>
    [appId, client.clientId, account.tid, account.oid, permission].join(' ')

  const isConsented = (client: Application, account: Account, asked: ResourceScopes, permission: string) =>
    (!isWithheld(asked.resource.appId) && adminConsented(client, asked.resource.appId, permission)) ||
    accepted.has(key(client, account, asked.resource.appId, permission))

  const granted: Consents['granted'] = (client, account, asked) => {
    const wanted = asked.permissions.includes('.default') ? asked.resource.permissions : asked.permissions
    return wanted.filter((permission) => isConsented(client, account, asked, permission))
  }

  return {
    granted,
    missing(client, account, asked) {
      if (asked.permissions.includes('.default')) {
        return granted(client, account, asked).length > 0 ? [] : ['.default']
      }
      return asked.permissions.filter((permission) => !isConsented(client, account, asked, permission))
    },
    accept(client, account, asked) {
      const wanted = asked.permissions.includes('.default') ? asked.resource.permissions : asked.permissions
      for (const permission of wanted) accepted.add(key(client, account, asked.resource.appId, permission))
    },
    forget(appId) {
      for (const each of accepted) if (each.startsWith(`${appId} `)) accepted.delete(each)
    },
  }
}

function adminConsented(client: Application, appId: string, permission: string): boolean {
  const spellings =
    appId === graphAppId
      ? [permission, `https://graph.microsoft.com/${permission}`]
      : [`api://${appId}/${permission}`, `${appId}/${permission}`]
  return spellings.some((spelling) => client.delegatedPermissions.includes(spelling))
}
