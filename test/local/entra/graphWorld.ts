import { sign } from 'node:crypto'
import { beforeEach } from 'vitest'
import { sha1Hex } from '../../../lib/base/crypto.ts'
import { createGraph } from '../../../lib/entra/graph.ts'
import type { ProofKey } from '../../../lib/entra/graphProof.ts'
import type { ApplicationRegistration } from '../../../local/entra/directory/application.ts'
import { ownReadings } from '../../../local/entra/directory/resource.ts'
import { heldEffects } from '../../support/heldEffects.ts'
import {
  clientId,
  createCertificate,
  credential,
  openTestedWorld,
  postToken,
  type TestCertificate,
} from './world.ts'

/** Microsoft Graph, by its client id. */
export const GRAPH = '00000003-0000-0000-c000-000000000000'

/** A world for a file of tests in which the application asks Graph; before each one it is registered anew, with the right to read itself. */
export async function openGraphWorld() {
  const world = await openTestedWorld()
  const { entra, clock, certificate } = world
  const next = await createCertificate(clock.nowMs)
  const stranger = await createCertificate(clock.nowMs)

  function register(
    permissions: readonly string[] = ownReadings,
    change: Partial<ApplicationRegistration> = {},
  ): void {
    entra.registerApplication({ ...world.web, applicationPermissions: { [GRAPH]: permissions }, ...change })
  }
  beforeEach(() => register())

  const askForToken = async (proof = credential(world)) =>
    postToken(entra, { grant_type: 'client_credentials', scope: `${GRAPH}/.default`, ...(await proof) })

  async function token(proof?: ReturnType<typeof credential>): Promise<string> {
    return String((await askForToken(proof)).body.access_token)
  }

  /** The product's own client before the look-alike, with a token of the moment. */
  async function open(about = clientId) {
    const accessToken = await token()
    const tokens = { tokenFor: async () => accessToken, replace: async () => undefined }
    const effects = heldEffects({ now: () => clock.nowMs, fetch: (input, init) => fetch(input, init) })
    return createGraph({ clientId: about, origin: entra.origin, tokens, effects })
  }

  const objectId = (): string => entra.objectIdOf(clientId)
  return { world, entra, clock, certificate, next, stranger, register, askForToken, token, open, objectId }
}

export const proofKeyOf = ({ der, privateKey }: TestCertificate): ProofKey => ({
  thumbprintSha1: sha1Hex(der),
  sign: async (input) => sign('sha256', input, privateKey),
})
