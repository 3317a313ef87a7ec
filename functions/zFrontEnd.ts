import { app } from '@azure/functions'
import { theApp } from '../lib/compose.ts'
import { serve } from '../lib/http/boundary.ts'
import { ANY_METHOD } from '../lib/http/route.ts'
import { frontEnd } from '../lib/http/routes/frontEnd.ts'

// The host takes the first route that matches, in alphabetical order of names: the catch-all has to come last.
app.http('zFrontEnd', {
  route: '{*path}',
  methods: ANY_METHOD,
  authLevel: 'anonymous',
  handler: serve(theApp, { name: 'zFrontEnd', methods: ANY_METHOD, handle: frontEnd }),
})
