import type { RequestRecord } from '../../requestRecord.ts'
import type { VaultOperation } from '../../vault/vaultRoute.ts'
import type { Field, Step } from '../step.ts'

type Telling = Pick<Step, 'title' | 'purpose' | 'spec'>

const TELLINGS: Readonly<Record<VaultOperation, Telling>> = {
  challenge: {
    title: 'The vault asks who is there',
    purpose:
      'The first request comes without a token on purpose; the answer says whose token the vault wants.',
    spec: 'RFC 9110 §11.6.1',
  },
  'certificate list': {
    title: 'The app lists the certificate’s versions',
    purpose: 'Which versions there are, and since when: a new one signs only once Entra knows it.',
    spec: 'Key Vault: get certificate versions',
  },
  'certificate read': {
    title: 'The app reads its certificate',
    purpose:
      'Public half only. Key identifier and thumbprint come from this one answer, so that they always fit together.',
    spec: 'Key Vault: get certificate',
  },
  'certificate create': {
    title: 'A new certificate version is made',
    purpose: 'The vault makes a new key pair inside itself.',
    spec: 'Key Vault: create certificate',
  },
  'certificate pending': {
    title: 'How far is the new certificate?',
    purpose: 'Making one takes a while.',
    spec: 'Key Vault: get certificate operation',
  },
  'certificate policy': {
    title: 'What is the certificate made from?',
    purpose: 'How long it lives, and what happens before its end.',
    spec: 'Key Vault: get certificate policy',
  },
  'certificate merge': {
    title: 'An authority’s certificate is taken in',
    purpose: 'Somebody signed the request that the vault handed out; the key stayed where it is.',
    spec: 'Key Vault: merge certificate',
  },
  'certificate delete': {
    title: 'A certificate is deleted',
    purpose: 'Softly: it can be had back, and its name is taken, until it is purged.',
    spec: 'Key Vault: delete certificate',
  },
  'deleted certificate read': {
    title: 'A deleted certificate is looked at',
    purpose: 'It is still there, and does nothing.',
    spec: 'Key Vault: get deleted certificate',
  },
  'certificate recover': {
    title: 'A deleted certificate is had back',
    purpose: 'With all its versions and keys.',
    spec: 'Key Vault: recover deleted certificate',
  },
  'certificate purge': {
    title: 'A deleted certificate is purged',
    purpose: 'For good; its name is free again.',
    spec: 'Key Vault: purge deleted certificate',
  },
  'key list': {
    title: 'The app lists the key’s versions',
    purpose: 'Public halves only.',
    spec: 'Key Vault: get key versions',
  },
  'key read': {
    title: 'The app reads the key',
    purpose: 'Its public half; there is no request for the other.',
    spec: 'Key Vault: get key',
  },
  sign: {
    title: 'The vault signs the client assertion',
    purpose:
      'In goes a SHA-256 digest, out comes a signature. The private key has never left the vault, and no request could fetch it.',
    spec: 'Key Vault: sign; RFC 7515 §5.1',
  },
  refused: {
    title: 'The vault refuses',
    purpose: 'Nothing that this vault does for anybody.',
    spec: '',
  },
}

/** Any request that reached the vault. */
export function vaultStep(request: RequestRecord<VaultOperation>): Step {
  const fault = request.fault === undefined ? '' : ` A fault was switched on here: ${request.fault}.`
  const { title, purpose, spec } = TELLINGS[request.operation]
  const isUnsigned = request.operation === 'sign' && request.status !== 200
  return {
    from: 'app',
    to: 'vault',
    title: isUnsigned ? 'The vault is asked to sign, and does not' : title,
    call: `${request.method} ${request.path}`,
    atMs: request.at,
    status: request.status,
    isAsExpected: request.operation === 'challenge' && request.status === 401,
    purpose: `${purpose}${fault}`,
    spec,
    groups:
      request.operation === 'sign' ? [{ heading: 'Sign request', fields: keyFields(request.path) }] : [],
  }
}

/** `/keys/{name}/{version}/sign`. */
function keyFields(path: string): Field[] {
  const [, , name = '', version = ''] = path.split('/')
  const spec = 'Key Vault: sign'
  return [
    { name: 'key', value: name, meaning: 'The key of the certificate with this name.', spec },
    {
      name: 'version',
      value: version,
      meaning: 'Exactly the version whose thumbprint stands in the assertion’s header.',
      spec,
    },
    {
      name: 'value',
      value: undefined,
      meaning: 'The digest of the assertion’s header and claims: 32 bytes, and all that the vault learns.',
      spec,
    },
  ]
}
