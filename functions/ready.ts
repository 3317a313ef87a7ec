import { app } from '@azure/functions'
import { theApp } from '../lib/compose.ts'
import { serve } from '../lib/http/boundary.ts'
import { ANY_METHOD, mounted } from '../lib/http/route.ts'
import { ready } from '../lib/http/routes/health.ts'

app.http('ready', {
  route: mounted(theApp(), 'health/ready'),
  methods: ANY_METHOD,
  authLevel: 'anonymous',
  handler: serve(theApp, { name: 'ready', methods: ['GET', 'HEAD'], handle: ready }),
})
