import { app } from '@azure/functions'
import { theApp } from '../lib/compose.ts'
import { serve } from '../lib/http/boundary.ts'
import { ANY_METHOD, mounted } from '../lib/http/route.ts'
import { sessions } from '../lib/http/routes/sessions.ts'

app.http('sessions', {
  route: mounted(theApp(), 'auth/sessions'),
  methods: ANY_METHOD,
  authLevel: 'anonymous',
  handler: serve(theApp, { name: 'sessions', methods: ['GET', 'HEAD', 'POST', 'DELETE'], handle: sessions }),
})
