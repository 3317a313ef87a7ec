/** Who uses the signing key, as the vault and Entra would tell an operator, and the deed by which somebody else does. */
import { type Html, html } from '../../lib/http/html.ts'
import { utcTime } from '../../lib/http/pages/utcTime.ts'
import type { IdentityStub } from '../identity/openIdentity.ts'
import type { Outsider, OutsiderTry } from '../outsider.ts'
import type { VaultStub } from '../vault/openVault.ts'
import type { Deed } from './deeds.ts'

export interface UsedKey {
  readonly identity: Pick<IdentityStub, 'principalId'>
  readonly outsider: Outsider
  readonly vault: Pick<VaultStub, 'requests' | 'certificateName'>
}

export interface KeyUse {
  /** One line for each caller and version that the vault signed for: what the query signatures-by-caller answers. */
  readonly signatures: readonly Html[]
  /** What came of the latest tries of somebody else, newest first. */
  readonly tries: readonly Html[]
  readonly deed: Deed
}

const MOST_TRIES = 5

export function keyUseOf({ identity, outsider, vault }: UsedKey): KeyUse {
  return {
    signatures: signaturesByCaller(vault).map(({ caller, version, count, lastMs }) => {
      const who =
        caller === identity.principalId
          ? html`The app’s identity`
          : html`<b>Somebody else</b>, <code>${caller}</code>`
      return html`${who}: ${String(count)} by <code>${version}</code>, the last at ${utcTime(lastMs)}`
    }),
    tries: outsider.tries.slice(-MOST_TRIES).reverse().map(told),
    deed: {
      name: 'use-key',
      label: 'Somebody else uses the key',
      does: 'Has the vault sign, where it lets them, and asks Entra for a token as the app; else with what was signed for them before.',
      act: () => outsider.useKey(),
    },
  }
}

interface Signatures {
  readonly caller: string
  readonly version: string
  readonly count: number
  readonly lastMs: number
}

function signaturesByCaller({ requests, certificateName }: UsedKey['vault']): Signatures[] {
  const ofKey = `/keys/${certificateName}/`
  const made = requests.filter(
    ({ operation, status, path }) => operation === 'sign' && status === 200 && path.startsWith(ofKey),
  )
  const groups = Map.groupBy(made, ({ caller, path }) => `${caller} ${path}`)
  return [...groups.values()].map((group) => {
    const { caller = '', path = '', at = 0 } = group.at(-1) ?? {}
    return { caller, version: path.slice(ofKey.length).split('/')[0] ?? '', count: group.length, lastMs: at }
  })
}

function told({ atMs, isSignedNow, version, entra }: OutsiderTry): Html {
  const when = utcTime(atMs)
  if (version === undefined) return html`${when}: The vault did not sign, and nothing was left from before.`
  const by = html`<code>${version}</code>`
  const signed = isSignedNow
    ? html`The vault signed by ${by}.`
    : html`The vault did not sign; by ${by} it had before.`
  return html`${when}: ${signed} ${answerOf(entra)}`
}

function answerOf(entra: OutsiderTry['entra']): string {
  if (entra === 'a token') return 'Entra gave a token.'
  return entra === 'no answer' ? 'Entra did not answer.' : `Entra refused: ${entra}.`
}
