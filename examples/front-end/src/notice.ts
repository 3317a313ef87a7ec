import { renew } from 'signet-entra/client'
import { el, place } from './element.ts'
import { told } from './told.ts'

/** Says that the session ends soon, and what would help. */
export function showExpiring({ secondsLeft, renewable }: { secondsLeft: number; renewable: boolean }): void {
  place('notice').replaceChildren(
    el(
      'div',
      { class: 'notice' },
      el(
        'p',
        {},
        renewable
          ? `Your session ends in ${secondsLeft} seconds.`
          : `Your session ends in ${secondsLeft} seconds. Save what you have; you will have to sign in again.`,
      ),
      renewable && el('button', { class: 'button', type: 'button', click: stay }, 'Stay signed in'),
    ),
  )
}

export function clearNotice(): void {
  place('notice').replaceChildren()
}

/** The person is still here. What comes of it stands in the notice where it is no renewal. */
export async function stay(): Promise<void> {
  try {
    await renew()
    clearNotice()
  } catch (fault) {
    place('notice').replaceChildren(el('div', { class: 'notice' }, el('p', {}, told(fault).message)))
  }
}
