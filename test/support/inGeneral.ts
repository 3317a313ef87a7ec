import type { World } from './openWorld.ts'

/** A text with everything that is this world's own replaced by its name, fit for a golden file. */
export function inGeneral({ desk, origin }: World, text: string): string {
  return [
    [desk.entra.origin, '{entra}'],
    [origin, '{app}'],
    [desk.entra.tenantId, '{tenant}'],
    [desk.clientId, '{client}'],
  ].reduce((general, [own = '', name = '']) => general.replaceAll(own, name), text)
}
