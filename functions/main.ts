// The one file that the worker loads. A faulty setting stops the start here: the worker reports it and no route is served.
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
import './signedOut.ts'
import './sweep.ts'
import './whoami.ts'
import './zNotFound.ts'

const { credential, config } = theApp()
app.setup({ enableHttpStream: true })
app.hook.appStart(() => credential.warm(config.entra.token))
