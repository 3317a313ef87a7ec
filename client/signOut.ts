import { basePath } from './basePath.ts'
import { channel } from './channel.ts'

/** Ends the session here and then at Entra, which the window goes to; the other tabs look whether it is over. */
export function signOut(): void {
  channel().postMessage('signing-out')
  const form = document.createElement('form')
  form.method = 'post'
  form.action = `${basePath()}/auth/logout`
  document.body.append(form)
  form.submit()
}
