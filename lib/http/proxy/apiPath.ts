/** The path behind `/api/{name}`: none is passed on that breaks the rule for plain paths, or that the platform has decoded before us. Pure. */
import { AppError } from '../../errors/appError.ts'
import { decodedOnce, isAsRead, isPlainPath } from './plainPath.ts'

export interface ApiPath {
  /** As the request spells it; `/api/` in any case, the name in its own. */
  readonly name: string
  /** The rest of the path as it is passed on, encoded, from its slash on; empty where there is none. */
  readonly rest: string
  /** Whether the rest keeps the rule, and the platform read the same path. */
  readonly isPlain: boolean
}

interface Addressed {
  readonly path: string
  readonly params: Readonly<Record<string, string>>
}

/** The API that a request names and the path under it; undefined where it names none. */
export function readApiPath({ path, params }: Addressed, basePath: string): ApiPath | undefined {
  const isBelow = path.slice(0, basePath.length).toLowerCase() === basePath
  const [, spelled, rest = ''] =
    (isBelow && /^\/api\/([^/]+)(\/.*)?$/i.exec(path.slice(basePath.length))) || []
  if (spelled === undefined) return undefined
  const isPlain = isPlainPath(rest)
  if (params.name === undefined) return { name: spelled, rest, isPlain }
  const isRead = decodedOnce(spelled) === params.name && isAsRead(rest, params.path)
  return { name: params.name, rest, isPlain: isPlain && isRead }
}

/** Throws `api/invalid_path`. */
export function requirePlain({ isPlain }: ApiPath): void {
  if (!isPlain) throw new AppError('api/invalid_path')
}
