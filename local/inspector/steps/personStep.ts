import type { EntraRequest } from '../../entra/requestLog.ts'
import type { Step } from '../step.ts'
import { responseGroups } from './authorizeStep.ts'
import { fieldText } from './fieldText.ts'

/** Somebody chooses who they are on Entra's page, agrees, or turns back. */
export function personStep(request: EntraRequest): Step {
  const { details } = request
  const person = details.person === undefined ? 'Nobody' : fieldText('', details.person)
  const hasCode = details.outcome === 'code'
  const how =
    details.responseMode === 'form_post'
      ? 'Entra’s answer is a page with a form (form_post) that the browser posts to the app.'
      : `Entra’s answer goes to the app by ${fieldText('', details.responseMode ?? 'redirect')}.`
  return {
    from: 'browser',
    to: 'entra',
    title: hasCode ? `${person} signs in` : 'A person decides',
    call: `${request.method} ${request.path}`,
    atMs: request.at,
    status: request.status,
    purpose: hasCode
      ? `Who it is, is now known to Entra. The app still knows nothing. ${how}`
      : details.outcome === 'consent page'
        ? `${person} is asked to agree to what the app wants.`
        : `No code is issued: ${fieldText('', details.reason ?? details.error ?? details.outcome)}`,
    spec: 'OIDC Core §3.1.2.3',
    groups: responseGroups(request),
  }
}
