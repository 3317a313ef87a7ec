/** What the page of an error says beside its row of the table: Markdown, for whoever runs the service at three in the morning. */
export interface ErrorNote {
  /** When it is thrown, in one or two sentences. */
  readonly arises: string
  /** What to look at, in order: facts of the log line, commands, other pages. */
  readonly look: readonly string[]
}
