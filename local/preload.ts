// Loaded before an app that runs on a desk, with NODE_OPTIONS="--import <the URL of this file>": the vault's host name leads
// to the port in SIGNET_DESK_VAULT_PORT, and nothing leads off this machine. Trust comes from NODE_EXTRA_CA_CERTS.

import { loopbackOnly } from './loopbackOnly.ts'

const port = process.env.SIGNET_DESK_VAULT_PORT
loopbackOnly(port === undefined ? {} : { vaultPort: Number(port) })
