import { app } from '@azure/functions'
import { theApp } from '../lib/compose.ts'
import { serve } from '../lib/http/boundary.ts'
import { ANY_METHOD, mounted } from '../lib/http/route.ts'
import { device } from '../lib/http/routes/device.ts'

app.http('device', {
  route: mounted(theApp(), 'auth/device'),
  methods: ANY_METHOD,
  authLevel: 'anonymous',
  handler: serve(theApp, { name: 'device', methods: ['POST'], handle: device }),
})
