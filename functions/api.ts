import { app } from '@azure/functions'
import { theApp } from '../lib/compose.ts'
import { serve } from '../lib/http/boundary.ts'
import { ANY_METHOD, mounted } from '../lib/http/route.ts'
import { api } from '../lib/http/routes/api.ts'

app.http('api', {
  route: mounted(theApp(), 'api/{name}/{*path}'),
  methods: ANY_METHOD,
  authLevel: 'anonymous',
  handler: serve(theApp, { name: 'api', methods: ANY_METHOD, handle: api }),
})
