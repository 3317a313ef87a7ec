import { app } from '@azure/functions'
import { theApp } from '../lib/compose.ts'
import { sweepEnded } from '../lib/session/sweep.ts'

app.timer('sweep', { schedule: '0 7 * * * *', handler: () => sweepEnded(theApp()) })
