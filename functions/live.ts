import { app } from '@azure/functions'
import { theApp } from '../lib/compose.ts'
import { serve } from '../lib/http/boundary.ts'
import { ANY_METHOD, mounted } from '../lib/http/route.ts'
import { live } from '../lib/http/routes/health.ts'

app.http('live', {
  route: mounted(theApp(), 'health/live'),
  methods: ANY_METHOD,
  authLevel: 'anonymous',
  handler: serve(theApp, { name: 'live', methods: ['GET', 'HEAD'], handle: live }),
})
