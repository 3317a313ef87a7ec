import { app } from '@azure/functions'
import { theApp } from '../lib/compose.ts'
import { methodsOfCallback } from '../lib/http/answerByAddress.ts'
import { serve } from '../lib/http/boundary.ts'
import { ANY_METHOD, mounted } from '../lib/http/route.ts'
import { callback } from '../lib/http/routes/callback.ts'

app.http('callback', {
  route: mounted(theApp(), 'auth/callback'),
  methods: ANY_METHOD,
  authLevel: 'anonymous',
  handler: serve(theApp, {
    name: 'callback',
    methods: ['GET', 'HEAD', 'POST'],
    methodsOf: methodsOfCallback,
    handle: callback,
  }),
})
