import { describe, expect, it } from 'vitest'
import { STYLE } from '../../lib/http/pages/style.ts'

describe('the palette', () => {
  const [light = new Map<string, string>(), dark = new Map<string, string>()] = palettes()

  it('has the same colours in light and in dark', () => {
    expect([...light.keys()]).toEqual([...dark.keys()])
    expect(light.size).toBeGreaterThan(0)
  })

  it('takes every colour from the palette', () => {
    expect(STYLE.replaceAll(/--[\w-]+:#[0-9a-f]{6}/g, '')).not.toMatch(/#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(/i)
  })

  it.each([
    ['text', 'page', 4.5],
    ['text', 'plate', 4.5],
    ['muted', 'page', 4.5],
    ['muted', 'plate', 4.5],
    ['accent', 'page', 4.5],
    ['on-accent', 'accent', 4.5],
    ['on-accent', 'accent-strong', 4.5],
    ['edge', 'page', 3],
    ['edge', 'plate', 3],
  ])('sets %s on %s with a contrast of at least %d, in light and in dark', (front, back, least) => {
    for (const palette of [light, dark]) {
      expect(contrast(palette.get(front), palette.get(back))).toBeGreaterThanOrEqual(least)
    }
  })
})

/** The palettes of the style sheet, light then dark. */
function palettes(): Map<string, string>[] {
  return [...STYLE.matchAll(/:root\{([^}]*--[^}]*)\}/g)].map(([, block = '']) => {
    const colours = block.matchAll(/--([\w-]+):(#[0-9a-f]{6})/g)
    return new Map([...colours].map(([, name = '', colour = '']) => [name, colour]))
  })
}

/** WCAG 2.2, contrast ratio of two `#rrggbb` colours. */
function contrast(a = '', b = ''): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
