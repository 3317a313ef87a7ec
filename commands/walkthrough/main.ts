/** `npm run walkthrough`: one sign-in by hand, in the tenant of the settings or on a desk. */
import { runCommand } from './command.ts'

const { argv, env, stdin, stdout, stderr } = process
process.exitCode = await runCommand({ argv: argv.slice(2), env, stdin, stdout, stderr })
