/** The first moment after `after` that a schedule names, in UTC; milliseconds since the epoch. */
export type Schedule = (afterMs: number) => number

const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** 29 February comes back after eight years at most, as in 2096 to 2104. */
const horizonDays = 8 * 366

const monthNames = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ')
const dayNames = 'SUN MON TUE WED THU FRI SAT'.split(' ')

/**
 * Reads the six fields of a timer's schedule: second, minute, hour, day, month, day of week (Sunday is 0).
 * Unlike in cron, a day must satisfy both its fields. Throws SyntaxError.
 */
export function parseNcrontab(expression: string): Schedule {
  const fields = expression.trim().split(/\s+/)
  if (fields.length !== 6) throw new SyntaxError(`"${expression}" is not a schedule: it needs six fields.`)
  const [second = '', minute = '', hour = '', day = '', month = '', weekday = ''] = fields
  const seconds = parseField(second, 0, 59)
  const minutes = parseField(minute, 0, 59)
  const hours = parseField(hour, 0, 23)
  const days = new Set(parseField(day, 1, 31))
  const months = new Set(parseField(month, 1, 12, (name) => monthNames.indexOf(name) + 1))
  const weekdays = new Set(parseField(weekday, 0, 6, (name) => dayNames.indexOf(name)))

  const isDue = (date: Date): boolean => {
    return months.has(date.getUTCMonth() + 1) && days.has(date.getUTCDate()) && weekdays.has(date.getUTCDay())
  }
  const timesOfDay = function* (fromMs: number): Generator<number> {
    for (const hour of hours) {
      if ((hour + 1) * hourMs <= fromMs) continue
      for (const minute of minutes) {
        if (hour * hourMs + (minute + 1) * minuteMs <= fromMs) continue
        for (const second of seconds) yield hour * hourMs + minute * minuteMs + second * secondMs
      }
    }
  }

  return (afterMs) => {
    const today = Math.floor(afterMs / dayMs) * dayMs
    for (let midnight = today; midnight <= today + horizonDays * dayMs; midnight += dayMs) {
      if (!isDue(new Date(midnight))) continue
      for (const time of timesOfDay(afterMs - midnight)) if (midnight + time > afterMs) return midnight + time
    }
    throw new RangeError(`"${expression}" names no moment at all.`)
  }
}

/** One field: comma-separated numbers, names, ranges, `*`, each with an optional `/step`. Ascending. */
function parseField(text: string, min: number, max: number, numberOf?: (name: string) => number): number[] {
  const allowed = new Set<number>()
  for (const part of text.split(',')) {
    const [, first = '', last, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? []
    const parse = (value: string) =>
      /^\d+$/.test(value) ? Number(value) : numberOf?.(value.toUpperCase().slice(0, 3))
    const from = first === '*' ? min : parse(first)
    const to = last !== undefined ? parse(last) : first === '*' || step !== undefined ? max : from
    if (from === undefined || to === undefined || from < min || to > max || from > to || step === '0') {
      throw new SyntaxError(`"${text}" is not a field of a schedule (${min} to ${max}).`)
    }
    for (let value = from; value <= to; value += Number(step ?? 1)) allowed.add(value)
  }
  return [...allowed].sort((a, b) => a - b)
}
