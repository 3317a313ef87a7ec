/** What the account of capacity is made from: habits, limits and prices, each with where it comes from. Everything else is counted. */

export const HABITS = {
  /** Hours of a working day, from the first person's start to the last one's end. */
  startsFromHour: 7,
  startsMostAtHour: 8.5,
  startsUntilHour: 10,
  workingHours: 8,
  /** Sign-ins of a person in a day: now and then the browser is closed, or another one is used. */
  signInsPerDay: 1.3,
  /** Minutes at work in which a page of the application is opened. */
  pagesPerHour: 30,
  /** Each page asks who is there, and calls APIs so often. */
  apiCallsPerPage: 4,
  /** While somebody works with it, the page says so: POST /auth/session. Minutes. */
  usedEveryMinutes: 5,
  /** Share of the people who sign out rather than leave. */
  signOutShare: 0.2,
  /** Life of an access token; the first call after it asks for another. Minutes. */
  tokenMinutes: 65,
  /** The busiest second against the mean of the busiest minute. */
  burst: 2,
} as const

export const LIMITS = {
  /** https://learn.microsoft.com/azure/storage/tables/scalability-targets, read 2026-11-26. Transactions of one account, of a kilobyte each. */
  accountPerSecond: 20_000,
  /** The same page: entities of one partition. */
  partitionPerSecond: 2_000,
  /** https://learn.microsoft.com/azure/key-vault/general/service-limits: RSA 2048 in an HSM, one vault and region, in ten seconds. */
  signaturesPerTenSeconds: 2_000,
  /** Flex Consumption: instances of one app at most, and requests that one of 2,048 MB takes at once, by default. */
  instances: 1_000,
  atOncePerInstance: 16,
  /** Share of its one core that an instance is planned to use. */
  coreShare: 0.6,
} as const

/** How the rows of one time are spread (lib/session/due.ts, lib/session/rows.ts). */
export const SPREAD = { duePartitions: 16, indexPartitions: 64 } as const

/** An instance signs an assertion anew every five minutes (docs/limits.md). */
export const SIGNATURE_EVERY_SEC = 300

/** How long a request takes in Azure, where tables and Entra are a network away: an assumption, for how many are under way at once. Milliseconds. */
export const ASSUMED_MS = { table: 8, token: 150, api: 50, own: 5 } as const

/** A session with its grant, its two index rows and its due row, as they are stored. KiB. */
export const KIB_PER_SESSION = 7

/**
 * US dollars, pay as you go, East US: list prices, without the free grants. Prices change and differ by region: put yours here and make the
 * page again.
 */
export const PRICES = {
  tables: {
    perMillion: 0.036,
    of: 'table transactions, $0.00036 for 10,000 (locally redundant)',
    source: 'https://azure.microsoft.com/pricing/details/storage/tables/',
    asOf: 'list price of 2025, not looked up since',
  },
  executions: {
    perMillion: 0.4,
    of: 'executions, Flex Consumption on demand',
    source: 'https://azure.microsoft.com/pricing/details/functions/',
    asOf: '2025-05-22, by way of a published comparison',
  },
  gbSeconds: {
    perMillion: 26,
    of: 'GB-seconds, Flex Consumption on demand, $0.000026',
    source: 'https://azure.microsoft.com/pricing/details/functions/',
    asOf: '2025-05-22, by way of a published comparison',
  },
  signatures: {
    perMillion: 3,
    of: 'signatures with RSA 2048, $0.03 for 10,000',
    source: 'https://azure.microsoft.com/pricing/details/key-vault/',
    asOf: 'list price of 2025, not looked up since',
  },
  logGb: {
    perMillion: 2_760_000,
    of: 'GB of log taken in, $2.76',
    source: 'https://azure.microsoft.com/pricing/details/monitor/',
    asOf: 'list price of 2025, not looked up since',
  },
} as const

/** Bytes of a line of the log, with what Application Insights adds; lines of a request: its own, and at a sign-in the event. */
export const LOG = { bytesPerLine: 1_500, linesPerRequest: 1, linesMorePerSignIn: 1 } as const

/** GB of the instance. */
export const INSTANCE_GB = 2

/** Sizes that the page answers for. */
export const PEOPLE = [10_000, 100_000, 1_000_000] as const
