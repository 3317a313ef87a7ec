import type { SignedIn } from 'signet-entra/client'
import { el, facts, section } from './element.ts'
import { own } from './own.ts'

const MEANINGS: ReadonlyMap<string, string> = new Map([
  ['0', 'no proof at all'],
  ['1', 'a client secret'],
  ['2', 'a certificate, and no secret'],
])

/** How the server proved itself to Entra when this person signed in. */
export function proofSection({ clientProof }: SignedIn): HTMLElement {
  const { method, keyId, thumbprint, claim, value } = clientProof
  const [vault, name, version] = keyId === undefined ? [] : partsOf(keyId)
  const isVault = method === 'vault'
  return section(
    'proof',
    'How this sign-in was proven',
    el(
      'p',
      {},
      isVault
        ? 'By a signature made in Key Vault. The key never leaves it, and there is no password.'
        : 'By the identity that Azure gives the app. There is no key and no password.',
    ),
    facts([
      ['Signed by', isVault ? 'Azure Key Vault' : 'managed identity'],
      ...(vault === undefined ? [] : [['Vault', el('code', {}, vault)] as const]),
      ...(name === undefined ? [] : [['Key', el('code', {}, `${name}, version ${version}`)] as const]),
      ...(thumbprint === undefined ? [] : [['Certificate', el('code', {}, thumbprint)] as const]),
      ...(claim === undefined || value === undefined
        ? []
        : [
            [
              'Entra says',
              el(
                'span',
                {},
                el('code', {}, `${claim} = ${value}`),
                `: ${MEANINGS.get(value) ?? 'something new'}`,
              ),
            ] as const,
          ]),
    ]),
    el('p', {}, el('a', { href: own('/auth') }, 'The whole proof, claim by claim')),
  )
}

function partsOf(keyId: string): readonly (string | undefined)[] {
  if (!URL.canParse(keyId)) return []
  const { host, pathname } = new URL(keyId)
  const [, , name, version] = pathname.split('/')
  return [host, name, version]
}
