/** An app that leaves everything to the defaults: route prefix, HTTP mode, authLevel, methods. */
import { app } from '@azure/functions'

app.http('hello', {
  handler: async (request) => ({ body: `${request.method} ${(await request.text()).length}` }),
})
