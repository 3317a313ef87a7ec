/** One resource as the compiler predicts it: evaluated, but for what only a deployment knows. */
export interface PredictedResource {
  readonly type: string
  readonly id?: string
  readonly name?: string
  readonly kind?: string
  readonly location?: string
  readonly tags?: Readonly<Record<string, unknown>>
  readonly properties?: unknown
  readonly [more: string]: unknown
}

/** What a snapshot holds. Values that stay expressions are strings in brackets. */
export interface Prediction {
  readonly predictedResources: readonly PredictedResource[]
  readonly outputs?: Readonly<Record<string, unknown>>
  readonly diagnostics?: readonly unknown[]
}

export function parsePrediction(snapshot: string): Prediction {
  return JSON.parse(snapshot) as Prediction
}

export function ofType(prediction: Prediction, type: string): PredictedResource[] {
  return prediction.predictedResources.filter((resource) => resource.type === type)
}

/** The value at a path such as `properties.sku.name`; undefined where there is none. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => {
    return typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined
  }, value)
}

/** The list at a path; empty where there is none. */
export function listAt(value: unknown, path: string): readonly unknown[] {
  const found = at(value, path)
  return Array.isArray(found) ? found : []
}

/** One finding for each path whose value is not the expected one. */
export function differences(
  resource: PredictedResource,
  expected: Readonly<Record<string, unknown>>,
): string[] {
  return Object.entries(expected).flatMap(([path, wanted]) => {
    const found = at(resource, path)
    return Object.is(found, wanted)
      ? []
      : [
          `${resource.type} ${resource.name}: ${path} is ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`,
        ]
  })
}
