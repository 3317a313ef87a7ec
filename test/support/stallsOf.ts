/** How many requests a service has held without an answer so far; whatever came after them on other errands changes nothing about it. */
export function stallsOf({
  requests,
}: {
  readonly requests: readonly { readonly fault?: string }[]
}): number {
  return requests.filter(({ fault }) => fault === 'stall').length
}
