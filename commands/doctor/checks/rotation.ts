/** How far the exchange of a certificate is, what happens next and when, and what keeps it from happening. */
import { asAppError } from '../../../lib/errors/appError.ts'
import { ERRORS } from '../../../lib/errors/table.ts'
import { POLICY_DOUBTS } from '../../../lib/rotation/policy.ts'
import { rotationStatus } from '../../../lib/rotation/status.ts'
import { type Finding, fail, pass } from '../check.ts'
import type { Examination, ExaminedCertificate, ExaminedClient } from '../examination.ts'
import { gatherRotation, type RotationFacts } from '../rotationFacts.ts'
import { rotationFaults } from '../rotationFaults.ts'
import { rotationPicture } from '../rotationPicture.ts'

export async function examineRotation(
  certificate: ExaminedCertificate,
  examination: Examination,
  client: ExaminedClient,
): Promise<Finding> {
  let facts: RotationFacts
  try {
    facts = await gatherRotation(client, certificate, examination)
  } catch (thrown) {
    const fault = asAppError(thrown)
    if (fault.code !== 'rotation/newer_state') throw thrown
    return fail(
      `How far the exchange of certificate ${certificate.vault.certificate} is cannot be read (${fault.code}). ${fault.row.operatorAction}`,
      'npm run rotate -- --status',
    )
  }
  const { state, versions, mode, nowMs } = facts
  const status = rotationStatus({ state, versions, mayCreate: mode === 'auto', nowMs })
  const picture = rotationPicture(facts, status)
  const note = notesOn(facts)
  const faults = rotationFaults(facts, status, { client, certificate, commands: examination.commands })
  const [first] = faults
  return first === undefined
    ? pass(picture, note)
    : fail([...faults.map(({ seen }) => seen), picture].join(' '), first.fix, note)
}

/** What passes by itself, and what could not be seen. */
function notesOn(facts: RotationFacts): string {
  const { entries, hasRow, isExchanged, state, versions, mode, creationRight } = facts
  const passing = state.hindrances
    .filter(({ code }) => ERRORS[code].kind === 'upstream')
    .map(({ step, code }) => `The step ${step} met ${code}, which is tried again by itself.`)
  const known = new Set(versions.map(({ thumbprintSha1 }) => thumbprintSha1))
  const strangers =
    typeof entries === 'string' ? 0 : entries.filter((one) => !known.has(one.thumbprintSha1)).length
  const notes = [
    ...(typeof entries === 'string'
      ? [`Which versions are registered could not be read (${entries}): that takes Application.Read.All.`]
      : []),
    ...(strangers === 0
      ? []
      : [
          `${strangers} certificate${strangers === 1 ? '' : 's'} of the registration ${strangers === 1 ? 'is' : 'are'} of no version in this vault.`,
        ]),
    ...(isExchanged && !hasRow ? ['No run has been made yet: the timer makes one every five minutes.'] : []),
    ...(isExchanged && mode === 'auto' && creationRight === 'unknown'
      ? ['Whether the app may make a version could not be read: it shows when one is due.']
      : []),
    ...(state.doubts ?? []).map((doubt) => `When the app last made a version: ${POLICY_DOUBTS[doubt]}`),
    ...passing,
  ]
  return notes.join(' ')
}
