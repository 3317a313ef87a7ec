/**
 * What a server in front of Signet passes on, as the key of Vite's `server.proxy`: our routes, below the base path, and nothing that only
 * begins like one.
 */
export function signetRoutes(basePath: string): string {
  return `^${basePath}/(auth|api|protected|health)(?=[/?]|$)`
}
