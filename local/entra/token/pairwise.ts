import { createHash } from 'node:crypto'

/** The pairwise `sub` of one account at one application: stable, and of no use for telling people apart elsewhere. */
export function pairwiseSubject(appId: string, tid: string, oid: string): string {
  return createHash('sha256').update(`sub ${appId} ${tid} ${oid}`).digest('base64url')
}
