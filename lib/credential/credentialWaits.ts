/** How long whoever needs an assertion waits, whatever kind it is. Milliseconds. */

/** Longest wait for identity, certificate and signature together: each alone may take that long. */
export const WAIT_MS = 6_000
/** Longest wait for another version's assertion: it stands between two token requests. */
export const ALTERNATIVE_WAIT_MS = 3_000
/** Where the other version is refused too, the version was not the reason: the next search waits. */
export const SEARCH_PAUSE_MS = 60_000
