/** What this vault does for a caller; `refused` is everything else that Key Vault could do. */
export type VaultOperation =
  | 'challenge'
  | 'certificate list'
  | 'certificate read'
  | 'certificate create'
  | 'certificate pending'
  | 'certificate policy'
  | 'certificate merge'
  | 'certificate delete'
  | 'deleted certificate read'
  | 'certificate recover'
  | 'certificate purge'
  | 'key list'
  | 'key read'
  | 'sign'
  | 'refused'

/** Data actions of Azure RBAC, without `Microsoft.KeyVault/vaults/`. */
export type VaultPermission =
  | 'certificates/read'
  | 'certificates/create/action'
  | 'certificates/delete'
  | 'certificates/recover/action'
  | 'certificates/purge/action'
  | 'keys/read'
  | 'keys/sign/action'

/** `name` is empty for a list of all certificates, `version` is empty for the newest. */
export type VaultRoute =
  | { readonly operation: 'refused' }
  | {
      readonly operation: Exclude<VaultOperation, 'challenge' | 'refused'>
      readonly permission: VaultPermission
      readonly name: string
      readonly version: string
    }

type Served = Exclude<VaultRoute, { readonly operation: 'refused' }>

/**
 * Reads method and path. Whatever could reveal a private key or use it in another way (secrets, backup, decrypt, unwrap,
 * release, import) or change what is there has no route: it is `refused`, as is any path that Key Vault does not know.
 */
export function parseVaultRoute(method: string, path: string): VaultRoute {
  const [collection = '', name = '', version = '', action = '', ...rest] = path.split('/').slice(1)
  const refused = { operation: 'refused' } as const
  const route = (operation: Served['operation'], permission: VaultPermission, of = ''): VaultRoute => ({
    operation,
    permission,
    name,
    version: of,
  })
  if (rest.length > 0) return refused

  switch (`${method} ${collection} ${action}`) {
    case 'GET certificates ':
      if (name === '' || version === 'versions') return route('certificate list', 'certificates/read')
      if (version === 'pending') return route('certificate pending', 'certificates/read')
      if (version === 'policy') return route('certificate policy', 'certificates/read')
      return route('certificate read', 'certificates/read', version)
    case 'DELETE certificates ':
      return version === '' ? route('certificate delete', 'certificates/delete') : refused
    case 'POST certificates merge':
      return version === 'pending' ? route('certificate merge', 'certificates/create/action') : refused
    case 'GET deletedcertificates ':
      return version === '' ? route('deleted certificate read', 'certificates/read') : refused
    case 'POST deletedcertificates ':
      return version === 'recover' ? route('certificate recover', 'certificates/recover/action') : refused
    case 'DELETE deletedcertificates ':
      return version === '' ? route('certificate purge', 'certificates/purge/action') : refused
    case 'GET keys ':
      if (name === '') return refused
      if (version === 'versions') return route('key list', 'keys/read')
      return route('key read', 'keys/read', version)
    case 'POST keys sign':
      return route('sign', 'keys/sign/action', version)
    case 'POST certificates ':
      return version === 'create' ? route('certificate create', 'certificates/create/action') : refused
    default:
      return refused
  }
}
