/** Microsoft Graph about one application: asked by the person at the keyboard, or, where it is the app that looks, by the application itself. */
import type { Effects } from '../../lib/base/effects.ts'
import type { Config } from '../../lib/config/config.ts'
import type { AppOnlyTokens } from '../../lib/entra/appOnlyTokens.ts'
import { createGraph, type Graph } from '../../lib/entra/graph.ts'
import { AppError, className } from '../../lib/errors/appError.ts'
import type { ExaminerIdentity } from './examinerIdentity.ts'

interface Client {
  readonly clientId: string
  /** A token for `{resource}/.default`, or why there is none. */
  trial(resource: string): Promise<{ readonly token: string } | { readonly fault: AppError }>
}

interface WhoAsks {
  readonly config: Pick<Config, 'graphOrigin'>
  readonly effects: Effects
  readonly identity: ExaminerIdentity
  /** The one that acts for nobody, where there is one. */
  readonly appOnly?: Client
}

export function graphFor(client: Client, whoAsks: WhoAsks, personsTokens: Tokens): Graph {
  const { config, effects, identity, appOnly = client } = whoAsks
  const { clientId } = client
  // As in the app: the application that acts for nobody is the one that may read, where there is one.
  const tokens = identity.isApp ? ownTokens(appOnly) : personsTokens
  return createGraph({ clientId, origin: config.graphOrigin, tokens, effects })
}

type Tokens = Pick<AppOnlyTokens, 'tokenFor' | 'replace'>

/** A token that Graph refused is not asked for again: it was new. */
const replace = async (): Promise<undefined> => undefined

function ownTokens(client: Client): Tokens {
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
export function createPersonsTokens({ identity, config }: Pick<WhoAsks, 'identity' | 'config'>): Tokens {
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
