import { app } from '@azure/functions'
import { theApp } from '../lib/compose.ts'
import { serve } from '../lib/http/boundary.ts'
import { ANY_METHOD, mounted } from '../lib/http/route.ts'
import { login } from '../lib/http/routes/login.ts'

app.http('login', {
  route: mounted(theApp(), 'auth/login'),
  methods: ANY_METHOD,
  authLevel: 'anonymous',
  handler: serve(theApp, { name: 'login', methods: ['GET', 'HEAD', 'POST'], handle: login }),
})
