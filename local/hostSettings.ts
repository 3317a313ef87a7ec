/**
 * What the Functions host is told beside the app, on a desk as in Azure: a body beyond the limit never gets into its memory, and the root
 * shows no page of its own to methods that no function lists.
 */
export const HOST_SETTINGS = {
  /** Bytes. Above what the app passes on to an API, so that between the two it is the app that says no, and why. */
  FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '12582912',
  AzureWebJobsDisableHomepage: 'true',
} as const
