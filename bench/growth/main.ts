/**
 * `node bench/growth/main.ts`: what becomes of Signet as there is more of everything. Figures for a note; nothing here is judged by time.
 *
 *   --only growth      1, 10,000, 100,000 and 1,000,000 sessions in the table; Azurite's own growth beside it
 *   --only instances   one instance against two
 *   --only burst       500 sign-ins at once, on a cold instance and on a warm one; 200 API calls at once while the tables take long
 *   --only flood       1,000 callbacks a second of nobody in particular, while people sign in
 *   --quick            a hundredth of all that
 */
import { parseArgs } from 'node:util'
import { freePort } from '../../local/freePort.ts'
import { type App, startApp } from '../apps/app.ts'
import { openWorkshop, trust } from '../apps/workshop.ts'
import { openStands } from '../stands/openStands.ts'
import { azuriteGrowth } from './azuriteGrowth.ts'
import { burst, slowTables } from './burst.ts'
import { flood } from './flood.ts'
import { instances } from './instances.ts'
import { sessionGrowth } from './sessionGrowth.ts'

const { values } = parseArgs({
  options: { only: { type: 'string' }, quick: { type: 'boolean', default: false } },
})
const share = values.quick ? 0.01 : 1
const some = (count: number): number => Math.max(1, Math.round(count * share))
const isChosen = (name: string): boolean => values.only === undefined || values.only === name
const print = (line: string): void => console.log(line)

const workshop = await openWorkshop({ withPeers: false })
const stands = await openStands({ heapMb: 12_288 })
await trust(workshop, stands.world)
const start = async (): Promise<App> => {
  const port = await freePort()
  return startApp('Signet', port, workshop.signet(stands.world, port))
}
try {
  if (isChosen('instances')) for (const line of await instances(start, stands, some(2_000))) print(line)
  if (isChosen('burst')) {
    for (const line of await burst(start, stands, some(500))) print(line)
    for (const line of await slowTables(start, stands, some(200))) print(line)
  }
  if (isChosen('flood'))
    for (const line of await flood(start, stands, { perSecond: some(1_000), seconds: 5 })) print(line)
  if (isChosen('growth')) {
    const sizes = [1, 10_000, 100_000, 1_000_000].map(some)
    for await (const line of sessionGrowth(start, stands, [...new Set(sizes)])) print(line)
    for await (const line of azuriteGrowth([1, 10_000, 100_000].map(some))) print(line)
  }
} finally {
  await Promise.all([stands.close(), workshop.close()])
}
