/** The people of the desk as an administrator sees them: whose account is disabled, whose grants were revoked, and the deeds that do it. */

import { type Html, html } from '../../lib/http/html.ts'
import { utcTime } from '../../lib/http/pages/utcTime.ts'
import type { EntraLookAlike } from '../entra/openEntra.ts'
import type { Deed } from './deeds.ts'

export interface PersonRow {
  readonly name: string
  /** How it stands with the account, in words. */
  readonly standing: Html
  readonly deeds: readonly Omit<Deed, 'does'>[]
}

export type Directory = Pick<EntraLookAlike, 'people' | 'standingOf' | 'setDisabled' | 'revokeSessions'>

/** Everybody who can sign in on a desk, as it stands now. */
export function peopleOf(entra: Directory): readonly PersonRow[] {
  return entra.people
    .filter(({ policy }) => policy === undefined)
    .map(({ oid, name }) => {
      const { isDisabled, revokedAtMs } = entra.standingOf(oid)
      const revoked = revokedAtMs === undefined ? undefined : html` Grants revoked ${utcTime(revokedAtMs)}.`
      return {
        name,
        standing: html`${isDisabled ? 'Account disabled.' : 'Account enabled.'}${revoked}`,
        deeds: [
          {
            name: `revoke:${oid}`,
            label: 'Revoke grants',
            act: () => entra.revokeSessions(oid),
          },
          {
            name: `${isDisabled ? 'enable' : 'disable'}:${oid}`,
            label: isDisabled ? 'Enable' : 'Disable',
            act: () => entra.setDisabled(oid, !isDisabled),
          },
        ],
      }
    })
}
