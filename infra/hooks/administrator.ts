/** Hands the registrations to somebody who may make them: a file for each, and the commands that send them. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readClients } from './clients.ts'
import type { Deployment } from './deployment.ts'
import { HookFault } from './hookFault.ts'
import { type RegistrationInput, registrationRequest, subjectOf } from './registrationRequest.ts'

/** Writes the files, each as it is sent to Microsoft Graph; returns their folder. */
export async function writeRegistrationRequest(
  deployment: Deployment,
  input: RegistrationInput,
): Promise<string> {
  const files = registrationRequest(subjectOf(deployment), input)
  const folder = join(deployment.folder, 'registration')
  await mkdir(folder, { recursive: true })
  for (const [name, body] of Object.entries(files)) {
    await writeFile(join(folder, `${name}.json`), `${JSON.stringify(body, null, 2)}\n`)
  }
  return folder
}

/** What is set on the application's service principal, which no request for the application itself can hold. */
function notInFiles(env: Deployment['env']): string[] {
  const client = `<client id of ${readClients(env).signIn.uniqueName}>`
  return [
    ...(env.SIGNET_ASSIGNMENT_REQUIRED === 'true'
      ? [
          `only people assigned may sign in. az ad sp update --id ${client} --set appRoleAssignmentRequired=true`,
        ]
      : []),
    ...(env.SIGNET_GRANT_TENANT_CONSENT === 'true'
      ? [`consent for everybody. az ad app permission admin-consent --id ${client}`]
      : []),
  ]
}

/** The fault that waits for the administrator's answer. */
export function awaitAdministrator(folder: string, { env }: Pick<Deployment, 'env'>): HookFault {
  const { signIn, appOnly } = readClients(env)
  return new HookFault(
    `The applications have to be registered by an administrator. The requests are in ${folder}.`,
    [
      `Hand that folder over: it holds public certificates, redirect URIs and permissions, nothing secret. docs/deploy.md says how it is sent, under "Without the right to register applications".`,
      ...notInFiles(env).map((wish) => `Not in those files, and wished for: ${wish}`),
      'Then, with the client ids of the answer:',
      'azd env set SIGNET_REGISTRATION administrator',
      `azd env set ${signIn.clientIdSetting} <client id of ${signIn.uniqueName}>`,
      `azd env set ${appOnly.clientIdSetting} <client id of ${appOnly.uniqueName}>`,
      'azd up',
    ],
  )
}
