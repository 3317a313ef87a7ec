/** An app that leaves everything to the defaults: route prefix, HTTP mode, authLevel, methods. */
import { app } from '@azure/functions'

// Waiting at the top level is what only a real ES module can do.
const greeting = await Promise.resolve('hello')

app.http(greeting, {
  handler: async (request) => ({ body: `${request.method} ${(await request.text()).length}` }),
})
