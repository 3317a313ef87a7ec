import { app } from '@azure/functions'
import { theApp } from '../lib/compose.ts'
import { serve } from '../lib/http/boundary.ts'
import { ANY_METHOD, mounted } from '../lib/http/route.ts'
import { session } from '../lib/http/routes/session.ts'

app.http('session', {
  route: mounted(theApp(), 'auth/session'),
  methods: ANY_METHOD,
  authLevel: 'anonymous',
  handler: serve(theApp, { name: 'session', methods: ['GET', 'HEAD', 'POST'], handle: session }),
})
