/** GET and HEAD /protected/whoami: an API behind the certificate guard, which answers what it learned of its caller. */
import type { Caller, Refusal } from '../../guard/guard.ts'
import { json, type Reply } from '../reply.ts'
import type { Handle } from '../route.ts'

export const whoami: Handle = async ({ guard }, request) => {
  const decision = await guard.judge(request.header('authorization'))
  return decision.kind === 'accepted' ? json(200, describe(decision.caller)) : refusalReply(decision)
}

function describe(caller: Caller): unknown {
  return {
    caller: caller.kind,
    tenantId: caller.tenantId,
    objectId: caller.objectId,
    clientId: caller.clientId,
    ...(caller.kind === 'user' ? { scopes: caller.scopes } : {}),
    roles: caller.roles,
    tokenVersion: caller.tokenVersion,
    clientProof: { claim: caller.clientProof, value: '2' },
    tokenExpiresAt: new Date(caller.expiresAtMs).toISOString(),
  }
}

function refusalReply({ status, headers, jsonBody, reason }: Refusal): Reply {
  return { ...json(status, jsonBody), headers, outcome: `guard/${reason}` }
}
