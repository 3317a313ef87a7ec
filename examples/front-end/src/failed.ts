import { el, facts } from './element.ts'
import { told } from './told.ts'

/** What somebody sees where it could not be found out whether they are signed in. */
export function failedView(fault: unknown): HTMLElement[] {
  const { message, correlationId, signInAt, isUnreached } = told(fault)
  const again = el('button', { class: 'button', type: 'button', click: () => location.reload() }, 'Try again')
  return [
    el(
      'div',
      { class: 'hero' },
      el('h1', {}, isUnreached ? 'One moment, please' : 'That did not work'),
      el('p', { class: 'lede', role: 'alert' }, message),
      el(
        'p',
        { class: 'row' },
        again,
        signInAt !== undefined && el('a', { class: 'button quiet', href: signInAt }, 'Sign in'),
      ),
      correlationId !== undefined && facts([['Correlation id', el('code', {}, correlationId)]]),
    ),
  ]
}
