import { app } from '@azure/functions'
import { theApp } from '../lib/compose.ts'
import { serve } from '../lib/http/boundary.ts'
import { ANY_METHOD, mounted } from '../lib/http/route.ts'
import { icon } from '../lib/http/routes/icon.ts'

app.http('icon', {
  route: mounted(theApp(), 'auth/icon'),
  methods: ANY_METHOD,
  authLevel: 'anonymous',
  handler: serve(theApp, { name: 'icon', methods: ['GET', 'HEAD'], handle: icon }),
})
