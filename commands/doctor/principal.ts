/** Who the doctor is to Azure, as its own access token says: an object id for a role assignment, and nothing that names a person. */
import { decodeJwt } from 'jose'
import { AppError } from '../../lib/errors/appError.ts'
import type { Principal } from './commands.ts'
import type { ExaminerIdentity } from './examinerIdentity.ts'

/** Gets a token for one scope. Throws `identity/unavailable`; a token that cannot be read leaves a placeholder for the id. */
export async function principalOf({ credential }: ExaminerIdentity, scope: string): Promise<Principal> {
  const token = await credential.getToken(scope).catch((cause: unknown) => {
    if (cause instanceof AppError) throw cause
    throw new AppError('identity/unavailable', {
      cause,
      detail: cause instanceof Error ? cause.name : 'unknown',
    })
  })
  if (token === null) throw new AppError('identity/unavailable', { detail: 'no token' })
  const { oid, scp } = claimsOf(token.token)
  return {
    objectId: typeof oid === 'string' ? oid : '<object id>',
    kind: scp === undefined ? 'ServicePrincipal' : 'User',
  }
}

function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    return decodeJwt(token)
  } catch {
    return {}
  }
}
