import { app } from '@azure/functions'
import { theApp } from '../lib/compose.ts'
import { serve } from '../lib/http/boundary.ts'
import { ANY_METHOD } from '../lib/http/route.ts'
import { logout } from '../lib/http/routes/logout.ts'

app.http('logout', {
  route: 'auth/logout',
  methods: ANY_METHOD,
  authLevel: 'anonymous',
  handler: serve(theApp, { name: 'logout', methods: ['POST'], handle: logout }),
})
