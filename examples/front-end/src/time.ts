const CLOCK = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

export function moment(iso: string): HTMLTimeElement {
  const element = document.createElement('time')
  element.dateTime = iso
  element.textContent = CLOCK.format(new Date(iso))
  return element
}

/** `1 h 05 min`, `12 min`, `40 s`: as long as it is, as exactly as it matters. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  if (whole < 120) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  return minutes < 60
    ? `${minutes} min`
    : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}
