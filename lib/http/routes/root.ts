/** GET /: the front end's first page, or our own where there is none. */
import type { Handle } from '../route.ts'
import { frontEnd } from './frontEnd.ts'
import { home } from './home.ts'

/** Throws what the page behind it throws. */
export const root: Handle = (app, request) =>
  app.config.frontEnd === undefined ? home(app, request) : frontEnd(app, request)
