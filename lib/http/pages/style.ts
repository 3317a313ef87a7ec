/** The one style sheet: inline, known to the policy by its hash, no image, font or script from anywhere. */
export const STYLE = `
body{font-family:system-ui,sans-serif}
`
