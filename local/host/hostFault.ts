/** A reason not to start that the person at the keyboard can remove; the message says how. */
export class HostFault extends Error {
  override readonly name = 'HostFault'
}
