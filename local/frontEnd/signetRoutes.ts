/** What a server in front of Signet passes on, as the key of Vite's `server.proxy`: our routes, and nothing that only begins like one. */
export const SIGNET_ROUTES = '^/(auth|api|protected|health)(?=[/?]|$)'
