type Child = Node | string | undefined | false

type Props = Readonly<Record<string, string | boolean | ((event: Event) => unknown)>>

/** An element: functions become listeners, `true` an attribute without a value, `false` none. Text is text and never markup. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: readonly (Child | readonly Child[])[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(name, value)
    else if (value !== false) element.setAttribute(name, value === true ? '' : value)
  }
  for (const child of children.flat()) if (child !== undefined && child !== false) element.append(child)
  return element
}

/** A section with its heading, which names it. */
export function section(
  id: string,
  title: string,
  ...children: readonly (Child | readonly Child[])[]
): HTMLElement {
  return el(
    'section',
    { class: 'card', id, 'aria-labelledby': `${id}-title` },
    el('h2', { id: `${id}-title` }, title),
    ...children,
  )
}

export function facts(rows: readonly (readonly [term: string, value: string | Node])[]): HTMLElement {
  return el(
    'dl',
    { class: 'facts' },
    ...rows.map(([term, value]) => el('div', {}, el('dt', {}, term), el('dd', {}, value))),
  )
}

/** The element with this id, which index.html has. */
export function place(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`index.html has no #${id}`)
  return found
}
