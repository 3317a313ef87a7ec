/**
 * The app-only client's role at the sample API. Granted here and not by the template: the Graph extension makes the assignment anew with
 * every deployment, and Graph refuses one that is there.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { askAzure, azureFault } from './azureCli.ts'
import { type Deployment, requireValue } from './deployment.ts'
import { GRAPH, NoDirectoryRights, readGraph, saysNoRights } from './graph.ts'

const ROLE = 'Whoami.Read'

interface Assignment {
  readonly resourceId: string
  readonly appRoleId: string
}

/** Grants it once. Throws NoDirectoryRights where that is for an administrator. */
export async function grantSampleRole(deployment: Deployment, clientId: string): Promise<void> {
  const api = await requireGraph<{ appId: string; appRoles: readonly { id: string; value: string }[] }>(
    deployment,
    `applications(uniqueName='signet-sample-api-${requireValue(deployment, 'AZURE_ENV_NAME')}')?$select=appId,appRoles`,
  )
  const role = api.appRoles.find(({ value }) => value === ROLE)
  if (role === undefined) throw new Error(`the sample API has no role ${ROLE}`)
  const resourceId = (await principalOf(deployment, api.appId)).id
  const principalId = (await principalOf(deployment, clientId)).id
  const { value: assignments } = await requireGraph<{ value: readonly Assignment[] }>(
    deployment,
    `servicePrincipals/${principalId}/appRoleAssignments?$select=resourceId,appRoleId`,
  )
  if (assignments.some((one) => one.resourceId === resourceId && one.appRoleId === role.id)) return

  // As a file: no command line has to carry quotes.
  const file = join(deployment.folder, 'sample-role.json')
  await writeFile(file, JSON.stringify({ principalId, resourceId, appRoleId: role.id }))
  const args = [
    ...['rest', '--method', 'post', '--url', `${GRAPH}/servicePrincipals/${resourceId}/appRoleAssignedTo`],
    ...['--headers', 'Content-Type=application/json', '--body', `@${file}`],
  ]
  const answer = await askAzure(deployment.run, args)
  if ('value' in answer) return deployment.say(`Granted ${ROLE} of the sample API to the app-only client.`)
  const { stderr } = answer.refusal
  // Somebody was quicker.
  if (/already exists/i.test(stderr)) return
  if (saysNoRights(stderr)) throw new NoDirectoryRights(stderr)
  throw azureFault(args, answer.refusal)
}

function principalOf(deployment: Deployment, appId: string): Promise<{ readonly id: string }> {
  return requireGraph(deployment, `servicePrincipals(appId='${appId}')?$select=id`)
}

async function requireGraph<T>(deployment: Deployment, path: string): Promise<T> {
  const found = await readGraph<T>(deployment, path)
  if (found === undefined) throw new Error(`not in the directory: ${path}`)
  return found
}
