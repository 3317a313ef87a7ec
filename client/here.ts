/** The address of the page, as `returnTo` takes it. */
export function here(): string {
  return location.pathname + location.search + location.hash
}
