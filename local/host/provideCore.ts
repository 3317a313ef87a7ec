import Module from 'node:module'

/**
 * Makes `require('@azure/functions-core')` answer with `core`, in every module of this process and for good.
 * The worker patches the same method; bundles reach it too, ESM ones through `createRequire`.
 * Call it before the app loads: the library asks once and remembers a failure.
 */
export function provideCore(core: object): void {
  const { prototype } = Module
  const { require } = prototype
  prototype.require = Object.assign(function (this: Module, id: string): unknown {
    return id === '@azure/functions-core' ? core : require.call(this, id)
  }, require)
}
