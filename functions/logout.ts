import { app } from '@azure/functions'
import { theApp } from '../lib/compose.ts'
import { serve } from '../lib/http/boundary.ts'
import { ANY_METHOD, mounted } from '../lib/http/route.ts'
import { logout } from '../lib/http/routes/logout.ts'

app.http('logout', {
  route: mounted(theApp(), 'auth/logout'),
  methods: ANY_METHOD,
  authLevel: 'anonymous',
  handler: serve(theApp, { name: 'logout', methods: ['POST'], handle: logout }),
})
