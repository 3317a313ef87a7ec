/** What can be done on the desk once, as against a dial, whose position holds. */
import type { EntraLookAlike } from '../entra/openEntra.ts'
import type { VaultStub } from '../vault/openVault.ts'

export interface Deed {
  readonly name: string
  readonly label: string
  readonly does: string
  readonly act: () => unknown
  /** What was done, for the page: where nothing else on it shows that. Asked after the deed. */
  readonly told?: () => string
}

export interface DoneDesk {
  readonly clientId: string
  readonly entra: Pick<
    EntraLookAlike,
    'registerCertificate' | 'removeCertificate' | 'rotateSigningKey' | 'revokeSessions' | 'people'
  >
  readonly vault: Pick<VaultStub, 'rotate' | 'certificate' | 'versions' | 'disable'>
}

interface DeedsOptions {
  readonly desk: DoneDesk
  readonly restartApp: () => Promise<void>
}

export function deedsOf({ desk: { clientId, entra, vault }, restartApp }: DeedsOptions): readonly Deed[] {
  const newest = (): string => vault.certificate().version
  let disabled = ''
  return [
    {
      name: 'restart',
      label: 'Restart the app',
      does: 'It forgets what it held: assertion, keys, certificate. Nobody is signed out.',
      act: restartApp,
      told: () => 'The app was restarted, and holds nothing of before.',
    },
    {
      name: 'rotate',
      label: 'Make a new certificate version',
      does: 'In the vault only. It waits a day before it signs, so that there is time to register it.',
      act: () => vault.rotate(),
      told: () => `Version ${newest()} was made; Entra does not know it yet.`,
    },
    {
      name: 'register',
      label: 'Register the newest version with Entra',
      does: 'Beside those that are registered.',
      act: () => entra.registerCertificate(clientId, vault.certificate().der),
      told: () => `Version ${newest()} is registered.`,
    },
    {
      name: 'unregister',
      label: 'Take the newest version out of the registration',
      does: 'As an administrator might by mistake: Entra refuses what it signs. Registering it puts it back.',
      act: () => entra.removeCertificate(clientId, vault.certificate().x5tS256),
      told: () => `Version ${newest()} is no more in the registration.`,
    },
    {
      name: 'disable-version',
      label: 'Disable the newest version in the vault',
      does: 'It signs no more. An older one takes its place where there is one; else make a new version and register it.',
      act() {
        disabled = newest()
        vault.disable(disabled)
      },
      told: () => `Version ${disabled} is disabled.`,
    },
    {
      name: 'unregister-older',
      label: 'Take the older versions out of the registration',
      does: 'All but the newest, as an administrator does where the app may not see which key is which.',
      act() {
        for (const { x5tS256 } of vault.versions().slice(0, -1)) entra.removeCertificate(clientId, x5tS256)
      },
      told: () => `All versions but ${vault.versions().at(-1)?.version} are no more in the registration.`,
    },
    {
      name: 'disable-older',
      label: 'Disable the older versions in the vault',
      does: 'All but the newest: the end of a revocation.',
      act() {
        for (const { version } of vault.versions().slice(0, -1)) vault.disable(version)
      },
      told: () => `All versions but ${vault.versions().at(-1)?.version} are disabled.`,
    },
    {
      name: 'signing-key',
      label: 'Change Entra’s signing key',
      does: 'The app looks up the unknown key within the same sign-in.',
      act: () => entra.rotateSigningKey(),
      told: () => 'Entra signs with a new key.',
    },
    {
      name: 'revoke-all',
      label: 'Revoke everybody’s grants',
      does: 'Every refresh token ends. Whoever is signed in is asked again when the app next needs a token for them.',
      act() {
        for (const { oid } of entra.people) entra.revokeSessions(oid)
      },
      told: () => 'Every refresh token has ended.',
    },
  ]
}
