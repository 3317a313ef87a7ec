import { app } from '@azure/functions'
import { theApp } from '../lib/compose.ts'
import { rotateAll } from '../lib/rotation/rotateAll.ts'

app.timer('rotate', { schedule: '30 */5 * * * *', handler: () => rotateAll(theApp()) })
