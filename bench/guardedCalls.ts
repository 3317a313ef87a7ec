/** A caller's token judged: our guard beside the bare signature check that it is built on. */
import { createLocalJWKSet, jwtVerify } from 'jose'
import { createGuard } from '../lib/guard/guard.ts'
import type { BenchDesk } from './benchDesk.ts'
import type { Subject } from './measure.ts'

export async function guardedCalls({ desk, authority }: BenchDesk): Promise<Subject[]> {
  const { clientId, entra } = desk
  const guard = createGuard({
    tenants: [entra.tenantId],
    audiences: [clientId],
    clients: [clientId],
    scopes: ['access_as_user'],
    authorityHost: entra.origin,
  })
  const [person] = entra.people
  const token = await entra.mintAccessToken({
    resource: clientId,
    client: clientId,
    ...(person === undefined ? {} : { person: person.oid }),
  })
  const keys = createLocalJWKSet(entra.publishedKeys())
  const rules = { issuer: `${authority}/v2.0`, audience: clientId, algorithms: ['RS256'] }
  return [
    {
      name: 'Signet’s guard',
      async operate() {
        const { kind } = await guard.judge(`Bearer ${token}`)
        if (kind !== 'accepted') throw new Error('the guard refused the token of the benchmark')
      },
    },
    { name: 'jose alone: signature, issuer, audience, times', operate: () => jwtVerify(token, keys, rules) },
  ]
}
