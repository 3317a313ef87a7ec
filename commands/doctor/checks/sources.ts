/** The sources of CREDENTIAL beside the one that most checks examine, and what the order of the list comes to. */
import type { Config } from '../../../lib/config/config.ts'
import { settingsOf } from '../../../lib/config/credentials.ts'
import { type Check, type Finding, fail, pass, unknown } from '../check.ts'
import type { Examination, ExaminedSource } from '../examination.ts'
import { decisiveTrial, examineAssertion, isAboutClient, mayPresent } from './assertion.ts'
import { isSourceFault } from './sourceFault.ts'

type LocalKind = 'managed-identity' | 'tpm' | 'pem'

const TITLES: Readonly<Record<LocalKind, string>> = {
  'managed-identity': 'Entra accepts the token of the managed identity',
  tpm: 'The TPM signs, and Entra accepts it',
  pem: 'The key in the PEM file signs, and Entra accepts it',
}
const METHODS: Readonly<Record<LocalKind, string>> = {
  'managed-identity':
    'Where `CREDENTIAL` lists it beside another: the same trial with the identity’s token, which only the app itself can present.',
  tpm: 'Where `CREDENTIAL` lists it beside another: the same trial with an assertion that the TPM of this machine signs.',
  pem: 'Where `CREDENTIAL` lists it beside another: the same trial with an assertion by the key in the file.',
}

/** Each that is listed and that `assertion` does not try. */
export const sourceChecks: readonly Check[] = (['managed-identity', 'tpm', 'pem'] as const).map((kind) => ({
  id: kind,
  title: TITLES[kind],
  method: METHODS[kind],
  needs: kind === 'managed-identity' ? ['identity', 'metadata'] : ['metadata'],
  concerns: ({ credentials }) =>
    mainKind(credentials) !== kind && settingsOf(credentials, kind) !== undefined,
  async examine(examination) {
    const { signIn } = examination
    const source = signIn.sources.find((one) => one.kind === kind)
    if (source === undefined) throw new TypeError('a source that is not listed')
    return examineAssertion(signIn, source, examination)
  },
}))

export const sources: Check = {
  id: 'sources',
  title: 'One of the sources listed proves the client',
  method:
    'Where `CREDENTIAL` lists several: goes through them in their order as the app does, and says which one serves, which would serve after it, and where the order keeps a good one from serving.',
  needs: ['metadata'],
  concerns: ({ credentials }) => credentials.length > 1,
  async examine(examination) {
    const { signIn } = examination
    const tried: Tried[] = []
    for (const source of signIn.sources) tried.push({ source, came: await triedOf(source, examination) })
    return findingOf(tried, examination)
  },
}

interface Tried {
  readonly source: ExaminedSource
  /**
   * `none`: it gives no assertion; `refused`: Entra did not take the one it gave; `unanswered`: Entra said neither; `untried`: that is not for
   * whoever looks.
   */
  readonly came: 'accepted' | 'refused' | 'unanswered' | 'none' | 'untried'
}

async function triedOf(source: ExaminedSource, examination: Examination): Promise<Tried['came']> {
  if (!mayPresent(source, examination)) return 'untried'
  const trial = await decisiveTrial(examination.signIn, source, examination)
  if ('token' in trial) return 'accepted'
  if (isSourceFault(trial.fault)) return 'none'
  return isAboutClient(trial.fault) ? 'refused' : 'unanswered'
}

/** The next one serves where the one before gives nothing; that Entra refuses what it gave moves nobody on. */
function findingOf(tried: readonly Tried[], { commands, signIn }: Examination): Finding {
  const serving = tried.find(({ came }) => came !== 'none')
  if (serving === undefined)
    return fail(
      `None of ${tried.map(({ source }) => source.kind).join(', ')} gives an assertion: nobody can sign in once the last one has run out.`,
      'npm run doctor',
    )
  const { kind } = serving.source
  const skipped = tried.slice(0, tried.indexOf(serving)).map(({ source }) => source.kind)
  const after = tried.slice(tried.indexOf(serving) + 1)
  const gap =
    skipped.length === 0
      ? ''
      : `${skipped.join(' and ')} ${skipped.length === 1 ? 'gives' : 'give'} no assertion; `
  const others = after.map(({ source, came }) => `${source.kind} ${WOULD[came]}`).join(', ')
  const then = others === '' ? '' : ` After it, ${others}.`
  if (serving.came === 'accepted')
    return pass(
      skipped.length === 0
        ? `${kind} serves.${then}`
        : `${gap}${kind} serves in ${skipped.length === 1 ? 'its' : 'their'} place.${then}`,
      skipped.length === 0 ? undefined : `Sign-in rests on ${kind} until ${skipped.join(' and ')} can again.`,
    )
  if (serving.came === 'untried')
    return unknown(
      `${gap}${kind} comes next, and only the app can try it.${then}`,
      commands.listFederatedCredentials(signIn.clientId),
    )
  if (serving.came === 'unanswered')
    return unknown(
      `${gap}${kind} gives an assertion, and ${signIn.tokenEndpoint} says neither yes nor no to it.${then}`,
      'npm run doctor',
    )
  const good = after.find(({ came }) => came === 'accepted')?.source.kind
  return good === undefined
    ? fail(
        `${gap}${kind} gives an assertion that Entra refuses, and none after it is known to be accepted.${then}`,
        commands.portal(signIn.clientId, 'Certificates & secrets'),
      )
    : fail(
        `${gap}${kind} gives an assertion that Entra refuses. ${good} would be accepted and does not serve: a refusal moves nobody on. Mend ${kind}, or list ${good} before it.`,
        commands.setSettings(['CREDENTIAL']),
      )
}

const WOULD: Readonly<Record<Tried['came'], string>> = {
  accepted: 'would serve',
  refused: 'would be refused',
  unanswered: 'would have no proper answer',
  none: 'would give nothing',
  untried: 'can be tried only by the app',
}

function mainKind(credentials: Config['credentials']) {
  return (settingsOf(credentials, 'vault') ?? credentials[0])?.kind
}
