/** `npm run walkthrough`: one sign-in by hand, in the tenant of the settings or on a desk. */

import { honourProxy, ProxyFault } from '../proxy.ts'
import { runCommand } from './command.ts'

const { argv, env, stdin, stdout, stderr } = process
try {
  // A desk is on this machine, and takes the proxy out itself.
  const proxy = argv.includes('--desk') ? '' : honourProxy(env)
  if (proxy !== '') stdout.write(`${proxy}\n`)
  process.exitCode = await runCommand({ argv: argv.slice(2), env, stdin, stdout, stderr })
} catch (fault) {
  if (!(fault instanceof ProxyFault)) throw fault
  stderr.write(`${fault.message}\n`)
  process.exitCode = 2
}
