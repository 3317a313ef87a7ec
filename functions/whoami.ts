import { app } from '@azure/functions'
import { theApp } from '../lib/compose.ts'
import { serve } from '../lib/http/boundary.ts'
import { ANY_METHOD, mounted } from '../lib/http/route.ts'
import { whoami } from '../lib/http/routes/whoami.ts'

app.http('whoami', {
  route: mounted(theApp(), 'protected/whoami'),
  methods: ANY_METHOD,
  authLevel: 'anonymous',
  handler: serve(theApp, { name: 'whoami', methods: ['GET', 'HEAD'], handle: whoami }),
})
