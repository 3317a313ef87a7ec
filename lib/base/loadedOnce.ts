/** One value for everybody, loaded when somebody first asks and kept for good. A load that failed is kept by nobody: whoever asks next begins another. */
export function loadedOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined
  return () => {
    loading ??= load().catch((fault: unknown) => {
      loading = undefined
      throw fault
    })
    return loading
  }
}
