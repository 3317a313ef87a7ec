// The first import of every entry for Node: an older one gets a sentence, in place of the fault of whatever it lacks first.

/** `22.12`; the build puts it in. */
declare const LEAST_NODE: string

const found = globalThis.process?.versions?.node
if (found !== undefined && isOlder(found, LEAST_NODE)) {
  throw new Error(
    `signet-entra needs Node ${LEAST_NODE} or later, and this is Node ${found}. Run it on a newer one; a function app is told by its runtime version.`,
  )
}

function isOlder(version: string, least: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number)
  return major < leastMajor || (major === leastMajor && minor < leastMinor)
}
