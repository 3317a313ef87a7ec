/** Microsoft Graph about one application: asked by the person at the keyboard, or, where it is the app that looks, by the application itself. */
import type { AppOnlyTokens } from '../../lib/entra/appOnlyTokens.ts'
import { createGraph, type Graph } from '../../lib/entra/graph.ts'
import { AppError, className } from '../../lib/errors/appError.ts'
import type { Examination, ExaminedClient } from './examination.ts'

export function graphFor(client: ExaminedClient, examination: Examination, personsTokens: Tokens): Graph {
  const { config, effects, identity, appOnly = client } = examination
  const { clientId } = client
  // As in the app: the application that acts for nobody is the one that may read, where there is one.
  const tokens = identity.isApp ? ownTokens(appOnly) : personsTokens
  return createGraph({ clientId, origin: config.graphOrigin, tokens, effects })
}

type Tokens = Pick<AppOnlyTokens, 'tokenFor' | 'replace'>

/** A token that Graph refused is not asked for again: it was new. */
const replace = async (): Promise<undefined> => undefined

function ownTokens(client: ExaminedClient): Tokens {
  return {
    async tokenFor(scope) {
      const trial = await client.trial(scope.replace(/\/\.default$/, ''))
      if ('fault' in trial) throw trial.fault
      return trial.token
    },
    replace,
  }
}

/** Those of whoever is signed in to the tools, which are asked once: they take seconds. Each call throws `identity/unavailable`. */
export function createPersonsTokens({ identity, config }: Pick<Examination, 'identity' | 'config'>): Tokens {
  let asked: Promise<string> | undefined
  async function ask(): Promise<string> {
    const token = await identity.credential
      .getToken(`${config.graphOrigin}/.default`)
      .catch((cause: unknown) => {
        throw new AppError('identity/unavailable', { cause, detail: className(cause) })
      })
    if (token === null) throw new AppError('identity/unavailable', { detail: 'no token' })
    return token.token
  }
  return {
    tokenFor() {
      asked ??= ask()
      return asked
    },
    replace,
  }
}
