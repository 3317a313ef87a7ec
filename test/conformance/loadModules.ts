import { readdirSync } from 'node:fs'
import type { ConformanceModule } from './conformanceModule.ts'

const FOLDER = new URL('./modules/', import.meta.url)

/** Each file in the folder as the module that it holds, by the name of the file. */
export async function loadModules(): Promise<ReadonlyMap<string, ConformanceModule>> {
  const files = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.ts'))
    .sort()
  return new Map(
    await Promise.all(
      files.map(async (file) => {
        const { default: module }: { default: ConformanceModule } = await import(new URL(file, FOLDER).href)
        return [file.slice(0, -'.ts'.length), module] as const
      }),
    ),
  )
}
