/** Plain segments: nothing that is decoded, empty or a dot segment. */
const PATH = /^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._~!$&'()*+,;=:@-]+)+$/

/** Whether a setting holds a path that everybody reads alike: `/v1/orders`. */
export function isSettingPath(text: string): boolean {
  return PATH.test(text)
}
