/** `npm run token`: an access token of the desk that runs, to call an API with. Exit code 0: it is printed; 1: not, and it says why; 2: wrong usage. */
import { decodeJwt } from 'jose'
import { asAppError } from '../../lib/errors/appError.ts'
import { sayUsage } from '../sayUsage.ts'
import { UsageFault } from '../usageFault.ts'
import { joinedTarget } from '../walkthrough/deskTarget.ts'
import { deskToken } from './deskToken.ts'
import { readTokenOptions, USAGE } from './options.ts'

async function main(argv: readonly string[]): Promise<number> {
  const options = readTokenOptions(argv)
  if (typeof options === 'string') return sayUsage(options, USAGE)
  const target = joinedTarget()
  if (target === undefined) {
    console.error('No desk runs: start one with "npm start".')
    return 1
  }
  const token = await deskToken(target, options)
  const { aud, scp, roles, azp, azpacr, appid, appidacr, exp } = decodeJwt(token)
  const shown = { aud, scp, roles, azp, azpacr, appid, appidacr, exp }
  const proof = options.bySecret ? ', by a client with a secret' : ''
  console.error(`${target.where} For ${options.as ?? 'the app itself'}${proof}: ${JSON.stringify(shown)}`)
  console.log(token)
  return 0
}

process.exitCode = await main(process.argv.slice(2)).catch((fault: unknown) => {
  console.error(fault instanceof UsageFault ? fault.message : asAppError(fault).message)
  return 1
})
