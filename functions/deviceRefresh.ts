import { app } from '@azure/functions'
import { theApp } from '../lib/compose.ts'
import { serve } from '../lib/http/boundary.ts'
import { ANY_METHOD, mounted } from '../lib/http/route.ts'
import { deviceRefresh } from '../lib/http/routes/deviceRefresh.ts'

app.http('deviceRefresh', {
  route: mounted(theApp(), 'auth/device/refresh'),
  methods: ANY_METHOD,
  authLevel: 'anonymous',
  handler: serve(theApp, { name: 'deviceRefresh', methods: ['POST'], handle: deviceRefresh }),
})
