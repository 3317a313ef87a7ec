/** GET /auth/signed-out: where Entra sends the browser after sign-out. Whatever parameters come along mean nothing here. */
import { signedOutPage } from '../pages/screens.ts'
import { page } from '../reply.ts'
import type { Handle } from '../route.ts'

export const signedOut: Handle = async ({ config }) => page(200, signedOutPage(config.app.paths.login))
