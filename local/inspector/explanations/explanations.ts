/** By name: what it means, and the section that asks for it. */
export type Explanations = Readonly<Record<string, readonly [meaning: string, spec: string]>>
