/*
 * The switchboard: a page on which a person sets how the stand-ins behave, and sees in the app what becomes of it. What it turns
 * are the same switches that tests turn; the look-alike lends it a path on its port and knows nothing of it.
 */
import type { RawRequest } from '../entra/wire/listen.ts'
import type { Reply } from '../entra/wire/reply.ts'
import type { Guest } from '../entra/world.ts'
import { type Deed, type DoneDesk, deedsOf } from './deeds.ts'
import { placeOfDeed, RETRY_AFTER_SEC } from './dial.ts'
import { type DialledDesk, dialsOf } from './dials.ts'
import { keyUseOf, type UsedKey } from './keyUse.ts'
import { type Directory, peopleOf } from './people.ts'
import { type Done, KEY_PLACE, PEOPLE_PLACE, SWITCHBOARD_PATH, switchboardPage } from './switchboardPage.ts'

interface SwitchboardOptions {
  readonly desk: DialledDesk &
    DoneDesk &
    UsedKey & { readonly appOrigin: string; readonly entra: Directory & { readonly origin: string } }
  /** Ends the app and starts it anew, without anything it kept in memory. */
  readonly restartApp: () => Promise<void>
}

/** The switchboard of one desk, at `/desk`: GET shows it, POST turns one dial or does one deed. */
export function createSwitchboard({ desk, restartApp }: SwitchboardOptions): Guest {
  const { appOrigin, entra } = desk
  const dials = dialsOf(desk)
  let lastDone: Done | undefined
  const turned = new Map(dials.map(({ name }) => [name, 'usual']))

  function turn(dialName: string, positionName: string): boolean {
    const position = dials
      .find(({ name }) => name === dialName)
      ?.positions.find(({ name }) => name === positionName)
    if (position === undefined) return false
    position.turn()
    turned.set(dialName, positionName)
    return true
  }

  const usual: Deed = {
    name: 'usual',
    label: 'Everything as usual',
    does: 'Puts every dial back and enables every account.',
    act() {
      for (const { name } of dials) turn(name, 'usual')
      for (const { oid } of entra.people) entra.setDisabled(oid, false)
    },
    told: () =>
      `Every dial is back, and every account enabled. Where a fault had the app wait (throttled: ${RETRY_AFTER_SEC} seconds), it waits on until then.`,
  }
  const deeds = deedsOf({ desk, restartApp })

  async function answer({ method, headers, body }: RawRequest): Promise<Reply> {
    if (method === 'GET' || method === 'HEAD')
      return switchboardPage({
        dials,
        turned,
        people: peopleOf(entra),
        keyUse: keyUseOf(desk),
        deeds,
        usual,
        lastDone,
        appOrigin,
      })
    if (method !== 'POST') return { status: 405, headers: { allow: 'GET, HEAD, POST' }, body: '' }
    // Any web page can post to this machine; only our own page says so in Origin.
    if (headers.origin !== entra.origin) return { status: 403, headers: {}, body: '' }
    const form = new URLSearchParams(body)
    const [dial = '', position = ''] = form.get('turn')?.split(':') ?? []
    const ofPeople: readonly Omit<Deed, 'does'>[] = peopleOf(entra).flatMap((person) => person.deeds)
    const { deed: ofKey } = keyUseOf(desk)
    const deed = [usual, ...deeds, ofKey, ...ofPeople].find(({ name }) => name === form.get('do'))
    if (deed !== undefined) await deed.act()
    else if (!turn(dial, position)) return { status: 400, headers: {}, body: '' }
    const words = deed?.told?.()
    lastDone = deed === undefined || words === undefined ? undefined : { deed: deed.name, words }
    // Back to where the person was on the page.
    const ofDeed = deed === ofKey ? KEY_PLACE : placeOfDeed(deed?.name ?? '')
    const place = deed === undefined ? dial : ofPeople.includes(deed) ? PEOPLE_PLACE : ofDeed
    const location = `${SWITCHBOARD_PATH}#${place}`
    return { status: 303, headers: { location, 'cache-control': 'no-store' }, body: '' }
  }
  return { path: SWITCHBOARD_PATH, answer }
}
