/** The three ways in which a front end and Signet share an origin in Azure. */
import { drawOverview } from './overview.ts'

const BROWSER = { name: 'Browser', about: ['knows one origin: PUBLIC_URL'], x: 124, y: 135 } as const
const FILES = 'files of the front end'

export const behindSignet = () =>
  drawOverview({
    title: 'Signet passes the front end on',
    width: 900,
    height: 270,
    boxes: {
      browser: BROWSER,
      signet: {
        name: 'Signet',
        about: ['the origin; FRONT_END_URL', 'may ask for a sign-in first'],
        x: 450,
        y: 135,
        isOurs: true,
      },
      storage: {
        name: 'Storage, static website',
        about: ['an account of its own;', 'anybody may read it, no key'],
        x: 776,
        y: 55,
      },
      deployer: { name: 'azd up', about: ['makes it, and fills it', 'from a folder'], x: 776, y: 215 },
    },
    edges: [
      { from: 'browser', to: 'signet', text: 'everything', back: true },
      { from: 'signet', to: 'storage', text: 'no cookie', back: true },
      { from: 'deployer', to: 'storage', text: 'uploads, by a role' },
    ],
  })

export const frontDoor = () =>
  drawOverview({
    title: 'Front Door has two origins',
    width: 900,
    height: 270,
    boxes: {
      browser: BROWSER,
      door: {
        name: 'Front Door',
        about: ['the origin; a firewall counts', 'callbacks, takes away what', 'no header can hold'],
        x: 450,
        y: 135,
      },
      signet: {
        name: 'Signet',
        about: ['takes requests of this', 'Front Door only, by its id'],
        x: 776,
        y: 55,
        isOurs: true,
      },
      files: { name: 'Your front end', about: ['on any host;', 'gets no cookie'], x: 776, y: 215 },
    },
    edges: [
      { from: 'browser', to: 'door', text: 'everything', back: true },
      { from: 'door', to: 'signet', text: 'its routes', back: true },
      { from: 'door', to: 'files', text: 'all else', back: true },
    ],
  })

export const staticWebApp = () =>
  drawOverview({
    title: 'A static web app has Signet as its backend',
    width: 900,
    height: 190,
    boxes: {
      browser: { ...BROWSER, y: 95 },
      site: { name: 'Static web app', about: ['the origin;', FILES, 'Standard plan'], x: 450, y: 95 },
      signet: {
        name: 'Signet',
        about: ['BASE_PATH=/api; 45 s at most;', 'the platform lets in nobody', 'but the static web app'],
        x: 776,
        y: 95,
        isOurs: true,
      },
    },
    edges: [
      { from: 'browser', to: 'site', text: 'everything', back: true },
      { from: 'site', to: 'signet', text: '/api/…', back: true },
    ],
  })
