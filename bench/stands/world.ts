/** What an app has to be told to live among the stand-ins. It travels to the apps as JSON in their environment. */
export interface World {
  readonly tenantId: string
  readonly clientId: string
  /** The client that acts as itself: it has a certificate of its own. */
  readonly appOnlyClientId: string
  /** Origin of Entra. */
  readonly entraOrigin: string
  readonly vaultUrl: string
  readonly vaultPort: number
  readonly certificateName: string
  readonly appOnlyCertificateName: string
  readonly tablesUrl: string
  readonly identityClientId: string
  /** The variables by which the managed identity is found. */
  readonly identityEnv: Readonly<Record<string, string>>
  /** An API behind the app, and the front end. */
  readonly apiOrigin: string
  readonly frontEndOrigin: string
  /** PEM of the authority behind the stand-ins' TLS. */
  readonly authorityPem: string
  /** A certificate of the same registration whose key is at hand, as the peers' guides have it: PEM, and thumbprints in hexadecimal. */
  readonly peer: {
    readonly privateKeyPem: string
    readonly certificatePem: string
    readonly thumbprintSha256: string
  }
}

/** What the stand-ins were asked since the last look. */
export interface Figures {
  readonly requests: Readonly<Record<string, number>>
  readonly serviceMs: Readonly<Record<string, readonly number[]>>
  /** Connections that were opened to all of them together. */
  readonly connections: number
  /** Of the process of the stand-ins. Milliseconds. */
  readonly cpuMs: number
  readonly rows: number
}

/** What the stand-ins' process is asked, and what it answers. */
export interface Questions {
  readonly figures: { readonly asked: undefined; readonly answer: Figures }
  readonly tokenLifetime: { readonly asked: number; readonly answer: undefined }
  /** Milliseconds by which every answer of the token endpoint, and of the tables, is held back. */
  readonly delays: {
    readonly asked: { readonly token: number; readonly tables: number }
    readonly answer: undefined
  }
  readonly accessToken: { readonly asked: Readonly<Record<string, unknown>>; readonly answer: string }
  /** Puts rows of so many sessions into the app's table, as far as they are not there. */
  readonly seed: { readonly asked: number; readonly answer: number }
}
