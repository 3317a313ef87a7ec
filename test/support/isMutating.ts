/** Whether these tests meet a mutant (docs/mutation.md): then none of them starts a server that another file needs no less. */
export const isMutating = '__stryker__' in globalThis
