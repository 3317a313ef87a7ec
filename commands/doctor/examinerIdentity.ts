/**
 * As whom the doctor looks: in Azure as the app, by its managed identity; elsewhere as the person at the keyboard, by
 * `az login` or `azd auth login`. Nothing else is tried, so that nobody is surprised by a credential they forgot.
 */
import {
  type AccessToken,
  AzureCliCredential,
  AzureDeveloperCliCredential,
  ChainedTokenCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from '@azure/identity'
import { createSettingsReader, type Environment } from '../../lib/config/settingsReader.ts'
import { shareIdentity } from '../../lib/credential/sharedIdentity.ts'
import { commandEffects } from '../commandEffects.ts'

/** How long a command-line tool may take to give a token, in milliseconds. */
const TOOL_MS = 30_000

export interface ExaminerIdentity {
  readonly credential: TokenCredential
  /** True where it is the identity that the app itself has. */
  readonly isApp: boolean
}

export function examinerIdentity(env: Environment): ExaminerIdentity {
  const { IDENTITY_ENDPOINT } = env
  // Where it is no GUID, the check of the settings says so.
  const clientId = createSettingsReader(env, {}).optionalGuid('AZURE_CLIENT_ID')
  if (IDENTITY_ENDPOINT) {
    const credential = clientId
      ? new ManagedIdentityCredential({ clientId })
      : new ManagedIdentityCredential()
    const effects = { now: commandEffects.now, log: () => undefined }
    return { credential: shareIdentity({ identity: credential, effects, hasOneTenant: true }), isApp: true }
  }
  const tool = { processTimeoutInMs: TOOL_MS }
  const tools = new ChainedTokenCredential(
    new AzureCliCredential(tool),
    new AzureDeveloperCliCredential(tool),
  )
  return { credential: asked(tools), isApp: false }
}

/**
 * A tool is run once per resource: it takes seconds, longer than a call to the vault may take. It answers for the account that
 * is signed in, whatever tenant a service names in its challenge.
 */
function asked(tools: TokenCredential): TokenCredential {
  const answers = new Map<string, Promise<AccessToken | null>>()
  return {
    getToken(scopes) {
      const key = [scopes].flat().join(' ')
      const known = answers.get(key)
      if (known !== undefined) return known
      const answer = tools.getToken(scopes)
      answers.set(key, answer)
      answer.catch(() => answers.delete(key))
      return answer
    },
  }
}
