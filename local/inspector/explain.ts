import { ACCESS_TOKEN } from './explanations/accessToken.ts'
import { AUTHORIZATION_REQUEST } from './explanations/authorizationRequest.ts'
import { AUTHORIZATION_RESPONSE } from './explanations/authorizationResponse.ts'
import { ASSERTION_CLAIMS, ASSERTION_HEADER } from './explanations/clientAssertion.ts'
import { DEVICE_ANSWER, DEVICE_OFFER, DEVICE_PROOF } from './explanations/deviceBinding.ts'
import type { Explanations } from './explanations/explanations.ts'
import { ID_TOKEN } from './explanations/idToken.ts'
import { LOGOUT_REQUEST } from './explanations/logoutRequest.ts'
import { TOKEN_REQUEST } from './explanations/tokenRequest.ts'
import { TOKEN_RESPONSE } from './explanations/tokenResponse.ts'
import type { Field, FieldGroup } from './step.ts'

/** Every message that is shown field by field. */
export const EXPLANATIONS = {
  'authorization request': AUTHORIZATION_REQUEST,
  'authorization response': AUTHORIZATION_RESPONSE,
  'token request': TOKEN_REQUEST,
  'assertion header': ASSERTION_HEADER,
  'assertion claims': ASSERTION_CLAIMS,
  'token response': TOKEN_RESPONSE,
  'ID token': ID_TOKEN,
  'access token': ACCESS_TOKEN,
  'logout request': LOGOUT_REQUEST,
  'device offer': DEVICE_OFFER,
  'device proof': DEVICE_PROOF,
  'device answer': DEVICE_ANSWER,
} as const satisfies Readonly<Record<string, Explanations>>

export type Message = keyof typeof EXPLANATIONS

/** A field of a message with its meaning. `undefined` as value says that it was there and is not kept. */
export function explain(message: Message, name: string, value: string | undefined): Field {
  const explanations: Explanations = EXPLANATIONS[message]
  const [meaning, spec] = (Object.hasOwn(explanations, name) ? explanations[name] : undefined) ?? [
    'An addition that no page of ours explains.',
    '',
  ]
  return { name, value, meaning, spec }
}

/** The fields of a message under its heading; none where there are none. */
export function explainAll(
  heading: string,
  message: Message,
  fields: readonly (readonly [name: string, value: string | undefined])[],
): FieldGroup[] {
  if (fields.length === 0) return []
  return [{ heading, fields: fields.map(([name, value]) => explain(message, name, value)) }]
}
