/**
 * The kind of device a request comes from, in plain words: what a person needs to tell their own sessions apart, and no more. Read from the
 * User-Agent, which anybody can write; nothing is decided by it. Pure.
 */
import type { SignetRequest } from './request.ts'

/** In this order: most browsers claim to be several. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bEdgiOS\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|Chromium|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMacintosh\b/, 'Mac'],
  [/\bLinux\b/, 'Linux'],
]

/** `Firefox on Windows`, as far as it is known. */
export function deviceOf({ header }: Pick<SignetRequest, 'header'>): string {
  const agent = header('user-agent') ?? ''
  const [browser, system] = [wordFor(agent, BROWSERS), wordFor(agent, SYSTEMS)]
  if (browser === undefined) return system ?? 'unknown device'
  return system === undefined ? browser : `${browser} on ${system}`
}

function wordFor(agent: string, words: readonly (readonly [RegExp, string])[]): string | undefined {
  return words.find(([pattern]) => pattern.test(agent))?.[1]
}
