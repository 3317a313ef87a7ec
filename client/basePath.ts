/**
 * Where Signet's routes begin on this origin: `<meta name="signet-base-path" content="/api">` where `BASE_PATH` is `/api`, nothing
 * where they begin at the root. In the page, because a bundler moves modules and every framework has an `index.html`.
 */
export function basePath(): string {
  const path = document.querySelector<HTMLMetaElement>('meta[name=signet-base-path]')?.content ?? ''
  // A path and never a host, so that markup which got into a page cannot send sign-in elsewhere.
  return /^(\/[\w.~-]+)+$/.test(path) ? path : ''
}
