// The one file that the worker loads; a faulty setting stops the start here. HTTP streaming stays off: with it, query and body can replace headers.
import { app } from '@azure/functions'
import { theApp } from '../lib/compose.ts'
import './api.ts'
import './callback.ts'
import './frontchannelLogout.ts'
import './home.ts'
import './live.ts'
import './login.ts'
import './logout.ts'
import './ready.ts'
import './session.ts'
import './sessions.ts'
import './signedOut.ts'
import './sweep.ts'
import './whoami.ts'
import './zNotFound.ts'

const { credential, config } = theApp()
app.hook.appStart(() => credential.warm(config.entra.token))
