import type { Detail } from '../../entra/requestLog.ts'

/** A logged value as text: lists in one line, other objects as JSON, times of a JWT also in UTC. */
export function fieldText(name: string, value: Detail): string {
  const isTime = ['iat', 'nbf', 'exp'].includes(name) && typeof value === 'number' && Math.abs(value) < 1e11
  if (isTime) return `${value} (${new Date(value * 1_000).toISOString().slice(11, 19)} UTC)`
  if (Array.isArray(value)) return value.map((item) => fieldText('', item)).join(' ')
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}
