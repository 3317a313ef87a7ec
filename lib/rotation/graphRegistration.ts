/**
 * The registration as Microsoft Graph has it, asked by the application about itself. Its own keys it may exchange without any permission; to
 * see them it needs one, and where it has none it works blind: with the object id from the settings, and the entries it added itself.
 */
import type { Effects } from '../base/effects.ts'
import { createGraph, type Graph } from '../entra/graph.ts'
import type { ProofKey } from '../entra/graphProof.ts'
import { AppError } from '../errors/appError.ts'
import type { RemoteSign } from '../vault/sign.ts'
import type { HeldVersion, RegistrationPort } from './ports.ts'

interface GraphRegistrationOptions {
  readonly clientId: string
  /** Of the application object, where the settings tell it. */
  readonly objectId?: string | undefined
  readonly origin: string
  readonly sign: RemoteSign
  readonly effects: Pick<Effects, 'now' | 'fetch' | 'random'>
}

/** Graph takes no longer one. */
const LONGEST_NAME = 90

export function createGraphRegistration(options: GraphRegistrationOptions): RegistrationPort {
  const { clientId, origin, sign, effects } = options

  /** The token is that of the run. One that is refused has no successor here: the next run gets another. */
  const graphBy = (token: string): Graph =>
    createGraph({
      clientId,
      origin,
      tokens: { tokenFor: async () => token, replace: async () => undefined },
      effects,
    })

  const objectIdOf = async (graph: Graph): Promise<string> =>
    options.objectId ?? (await graph.application()).objectId

  const proofBy = ({ keyId, thumbprintSha1 }: HeldVersion): ProofKey => ({
    thumbprintSha1,
    sign: (input, alg) => sign(keyId, input, alg),
  })

  return {
    async entries(token) {
      const application = await ifPermitted(() => graphBy(token).application())
      return application?.keyCredentials.filter(
        ({ type, usage }) => type === 'AsymmetricX509Cert' && usage === 'Verify',
      )
    },
    async add(token, { name, version, der }, by) {
      const graph = graphBy(token)
      const displayName = `${name}/${version}`.slice(-LONGEST_NAME)
      const entry = await graph.addKey(
        await objectIdOf(graph),
        { certificate: der, displayName },
        proofBy(by),
      )
      return entry?.keyId
    },
    async remove(token, entryId, by) {
      const graph = graphBy(token)
      await graph.removeKey(await objectIdOf(graph), entryId, proofBy(by))
    },
    async policies(token) {
      const graph = graphBy(token)
      const [tenant, own, application] = await Promise.all([
        ifPermitted(() => graph.tenantPolicy()),
        ifPermitted(async () => (await graph.ownPolicy()) ?? ('none' as const)),
        ifPermitted(() => graph.application()),
      ])
      return { tenant, own: own ?? 'not-permitted', createdAtMs: application?.createdAtMs }
    },
  }
}

/** Undefined for what the application may not read. */
async function ifPermitted<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (fault) {
    if (fault instanceof AppError && fault.code === 'graph/forbidden') return undefined
    throw fault
  }
}
