/** The address of a route of Signet's, wherever on this origin its routes begin. */
export function own(path: string): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[name=signet-base-path]')
  return `${meta?.content ?? ''}${path}`
}
