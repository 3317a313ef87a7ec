/** What every peer is told. */
export const world = JSON.parse(process.env.BENCH_WORLD)
export const port = Number(process.env.PORT)
export const origin = process.env.PUBLIC_URL
export const redirectUri = `${origin}/auth/callback`
export const authority = `${world.entraOrigin}/${world.tenantId}`
export const scope = `openid profile offline_access api://${world.clientId}/access_as_user`
export const userScope = `api://${world.clientId}/access_as_user`
export const appScope = `api://${world.clientId}/.default`
