/** Every address that is none of ours. */
import { AppError } from '../../errors/appError.ts'
import type { Handle } from '../route.ts'

/** Throws `http/not_found`. */
export const notFound: Handle = async () => {
  throw new AppError('http/not_found')
}
