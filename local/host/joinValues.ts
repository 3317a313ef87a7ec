/** Several values of one header or query parameter as the host shows them: one string, empty ones left out. */
export function joinValues(values: readonly string[]): string {
  return values.filter((value) => value !== '').join(',')
}
