import { app } from '@azure/functions'
import { theApp } from '../lib/compose.ts'
import { serve } from '../lib/http/boundary.ts'
import { ANY_METHOD, mounted } from '../lib/http/route.ts'
import { signedOut } from '../lib/http/routes/signedOut.ts'

app.http('signedOut', {
  route: mounted(theApp(), 'auth/signed-out'),
  methods: ANY_METHOD,
  authLevel: 'anonymous',
  handler: serve(theApp, { name: 'signedOut', methods: ['GET', 'HEAD'], handle: signedOut }),
})
