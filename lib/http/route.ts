/** What a handler is, and which methods reach it. */
import type { HttpMethod } from '@azure/functions'
import type { App } from '../app.ts'
import { AppError } from '../errors/appError.ts'
import type { Reply } from './reply.ts'
import type { SignetRequest } from './request.ts'

/** Every endpoint takes every method and refuses the wrong ones itself: the platform would answer them with a bare 404. */
export const ANY_METHOD = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] satisfies HttpMethod[]

export type Method = (typeof ANY_METHOD)[number]
export type Handle = (app: App, request: SignetRequest) => Promise<Reply>

/** The route of an endpoint of ours as the platform knows it: below the base path, without a slash before it. */
export function mounted({ config }: Pick<App, 'config'>, route: string): string {
  return `${config.app.basePath}/${route}`.slice(1)
}

/** Throws `http/method_not_allowed` whose detail is the Allow header. */
export function methodGuard({ method }: SignetRequest, allowed: readonly Method[]): void {
  if (!allowed.some((one) => one === method)) {
    throw new AppError('http/method_not_allowed', { detail: allowed.join(', ') })
  }
}
