/** What can be set about the signing key and whom it proves: the two switches of an operator when somebody else uses it. */
import type { EntraLookAlike } from '../entra/openEntra.ts'
import type { Outsider } from '../outsider.ts'
import { type Dial, USUAL } from './dial.ts'

export interface DialledKey {
  readonly clientId: string
  readonly entra: Pick<EntraLookAlike, 'setDeactivated'>
  readonly outsider: Pick<Outsider, 'setRole'>
}

export function keyDials({ clientId, entra, outsider }: DialledKey): readonly Dial[] {
  return [
    {
      name: 'signers',
      title: 'Who may sign',
      about:
        'A role on the vault is all it takes to use the key, which stays where it is. Somebody else who has it does nothing until told.',
      positions: [
        { ...USUAL, turn: () => outsider.setRole(false) },
        { name: 'others', label: 'Somebody else as well', turn: () => outsider.setRole(true) },
      ],
    },
    {
      name: 'registration',
      title: 'The app’s registration',
      about: 'Deactivated, it gets no token, whoever proves to be the app. Nobody is signed out by that.',
      positions: [
        { ...USUAL, turn: () => entra.setDeactivated(clientId, false) },
        { name: 'deactivated', label: 'Deactivated', turn: () => entra.setDeactivated(clientId, true) },
      ],
    },
  ]
}
