/** What this vault does for a caller; `refused` is everything else that Key Vault could do. */
export type VaultOperation =
  | 'challenge'
  | 'certificate list'
  | 'certificate read'
  | 'certificate create'
  | 'certificate pending'
  | 'key list'
  | 'key read'
  | 'sign'
  | 'refused'

/** Data actions of Azure RBAC, without `Microsoft.KeyVault/vaults/`. */
export type VaultPermission =
  | 'certificates/read'
  | 'certificates/create/action'
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
      return version === 'policy' ? refused : route('certificate read', 'certificates/read', version)
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
