import { app } from '@azure/functions'
import { theApp } from '../lib/compose.ts'
import { serve } from '../lib/http/boundary.ts'
import { ANY_METHOD } from '../lib/http/route.ts'
import { root } from '../lib/http/routes/root.ts'

app.http('home', {
  route: '/',
  methods: ANY_METHOD,
  authLevel: 'anonymous',
  handler: serve(theApp, { name: 'home', methods: ['GET', 'HEAD'], handle: root }),
})
