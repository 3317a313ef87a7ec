/** The rows of the closed table that speak of the exchange of a certificate: nobody who signs in meets them. */
import type { ErrorRow } from './row.ts'
import { busy, ourFault } from './rowKinds.ts'

export const ROTATION_ERRORS = {
  'rotation/no_proof': ourFault(
    'No version of the certificate is accepted by Entra, so the application cannot prove that a new one is its own: have an administrator register one, by the file that `npm run rotate` writes.',
  ),
  'rotation/not_registered': ourFault(
    'A new version waits for its registration, which the application may not do itself: see why in `npm run rotate -- --status`, or register it by hand.',
  ),
  'rotation/not_accepted': busy(
    'Entra took the new version and does not accept it everywhere yet: it is tried again by itself; after an hour, compare the entry in the registration with the thumbprint in the log.',
  ),
  'rotation/key_exportable': ourFault(
    'Whoever may read secrets of the vault can copy the key of this version, so it is not registered: have the policy of the certificate say that keys are not exportable, make a new version (`npm run rotate -- --now`), and disable this one.',
  ),
  'rotation/may_not_create': ourFault(
    'The vault lets nobody who tried make a new version: deploy with ROTATION=auto, which gives the app the right to (certificates/create), have the vault renew by its own policy (ROTATION=register takes that up), or make one by hand.',
  ),
  'rotation/last_key': ourFault(
    'The registration does not show the key that signs, so nothing was removed: compare its certificates with the thumbprint in the log.',
  ),
  'rotation/key_not_own': ourFault(
    'The row of the exchange names a key for removal, and nothing proves that it is of this certificate, so it was left alone: remove it by hand where it is an old one of yours, and see who may write to the session table.',
  ),
  'rotation/newer_state': busy(
    'A newer build wrote how far the exchange of the certificate is: finish the update, or delete the row of partition rotation before going back.',
  ),
} as const satisfies Record<string, ErrorRow>
