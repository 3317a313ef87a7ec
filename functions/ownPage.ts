import { app } from '@azure/functions'
import { theApp } from '../lib/compose.ts'
import { serve } from '../lib/http/boundary.ts'
import { ANY_METHOD, mounted } from '../lib/http/route.ts'
import { home } from '../lib/http/routes/home.ts'

app.http('ownPage', {
  route: mounted(theApp(), 'auth'),
  methods: ANY_METHOD,
  authLevel: 'anonymous',
  handler: serve(theApp, { name: 'ownPage', methods: ['GET', 'HEAD'], handle: home }),
})
