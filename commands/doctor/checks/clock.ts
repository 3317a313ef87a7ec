/** Whether our clock agrees with Entra's: what either dates, the other judges. */
import { type Check, fail, pass, unknown } from '../check.ts'

const MOST_SECONDS = 30

export const clock: Check = {
  id: 'clock',
  title: 'The clock agrees with Entra’s',
  method: `Compares the Date header of the metadata with the clock of this machine: at most ${MOST_SECONDS} seconds apart.`,
  needs: ['metadata'],
  async examine({ metadata }) {
    const { clockDifferenceSec: difference } = await metadata()
    if (difference === undefined) return unknown('Entra’s answer has no Date header.', 'npm run doctor')
    const seconds = Math.round(Math.abs(difference))
    const side = difference > 0 ? 'behind' : 'ahead of'
    if (seconds <= 1) return pass('This clock and Entra’s agree to the second.')
    if (seconds <= MOST_SECONDS) return pass(`This clock is ${seconds} seconds ${side} Entra’s.`)
    return fail(
      `This clock is ${seconds} seconds ${side} Entra’s. The app dates its assertions by Entra’s as soon as it knows; sessions, and whatever Entra dates, it judges by its own.`,
      'sudo timedatectl set-ntp true',
    )
  },
}
