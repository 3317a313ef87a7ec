/** Where a command on the desk has the answer of a sign-in sent by default. Nothing need answer there. */
export const COMMAND_REDIRECT_URI = 'http://localhost:8400'
