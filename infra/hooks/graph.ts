/** Microsoft Graph as hooks ask it, through `az rest`. The Graph extension of Bicep works in the public cloud only, and so does this. */
import { askAzure, azureFault } from './azureCli.ts'
import type { Deployment } from './deployment.ts'

export const GRAPH = 'https://graph.microsoft.com/v1.0'

const NO_RIGHTS = /Authorization_RequestDenied|Insufficient privileges/i
const UNKNOWN = /Request_ResourceNotFound/

/** The account may not do this in the directory: somebody else has to. */
export class NoDirectoryRights extends Error {}

/** True for words of Azure that say so. */
export function saysNoRights(words: string): boolean {
  return NO_RIGHTS.test(words)
}

/** What is there, or `undefined` where nothing is. Throws NoDirectoryRights, or HookFault with Graph's own words. */
export async function readGraph<T>({ run }: Pick<Deployment, 'run'>, path: string): Promise<T | undefined> {
  const args = ['rest', '--method', 'get', '--url', `${GRAPH}/${path}`]
  const answer = await askAzure(run, args)
  if ('value' in answer) return answer.value as T
  const { stderr } = answer.refusal
  if (UNKNOWN.test(stderr)) return undefined
  if (saysNoRights(stderr)) throw new NoDirectoryRights(stderr)
  throw azureFault(args, answer.refusal)
}
