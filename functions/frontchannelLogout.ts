import { app } from '@azure/functions'
import { theApp } from '../lib/compose.ts'
import { serve } from '../lib/http/boundary.ts'
import { ANY_METHOD, mounted } from '../lib/http/route.ts'
import { frontchannelLogout } from '../lib/http/routes/frontchannelLogout.ts'

app.http('frontchannelLogout', {
  route: mounted(theApp(), 'auth/frontchannel-logout'),
  methods: ANY_METHOD,
  authLevel: 'anonymous',
  handler: serve(theApp, {
    name: 'frontchannelLogout',
    methods: ['GET', 'HEAD'],
    handle: frontchannelLogout,
  }),
})
