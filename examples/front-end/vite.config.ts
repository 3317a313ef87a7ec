/** Vite before Signet: the page and its modules come from here, what is Signet's is passed on. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const signet = process.env.SIGNET_URL ?? 'http://localhost:7071'
/** Below which Signet's routes lie, as its own setting says: empty, or `/api`. */
const basePath = process.env.BASE_PATH?.trim() ?? ''
/** The client reads it from the page. */
const saysBasePath: Plugin = {
  name: 'signet-base-path',
  transformIndexHtml: (html) => ({
    html: html.replaceAll('href="/auth"', `href="${basePath}/auth"`),
    tags: [{ tag: 'meta', attrs: { name: 'signet-base-path', content: basePath } }],
  }),
}
/** In Signet's own repository the client comes from its source; elsewhere from the package. */
const source = fileURLToPath(new URL('../../client/client.ts', import.meta.url))

export default defineConfig({
  plugins: [saysBasePath],
  resolve: { alias: existsSync(source) ? { 'signet-entra/client': source } : {} },
  // Signet has to have this address as its PUBLIC_URL.
  // No other origin is granted anything, as at Signet.
  server: {
    port: 5173,
    strictPort: true,
    cors: false,
    proxy: { [`^${basePath}/(auth|api)(?=[/?]|$)`]: signet },
  },
  // Behind Signet, `vite preview` has the files and asks nobody: it would have the proxy above, and lead back to Signet.
  preview: { proxy: {} },
  build: { modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
})
