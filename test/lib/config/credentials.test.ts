/** CREDENTIAL and what each source needs: what is read of it, what is refused, and by which name. */
import { describe, expect, it } from 'vitest'
import { AZURE_VARIABLES, settingsOf } from '../../../lib/config/credentials.ts'
import { CLIENT, configOf, NEEDED, type Settings, TENANT } from '../../support/configOf.ts'
import { faultsOf, faultsWith } from '../../support/faultsOf.ts'

const CREDENTIAL_WORDS = 'CREDENTIAL must be one or several of vault, managed-identity, tpm, pem'
const TPM = { CREDENTIAL: 'tpm', TPM_CERTIFICATE: '/etc/signet/certificate.pem' } as const
const PEM = { CREDENTIAL: 'pem', PEM_FILE: '/home/ada/signet.pem' } as const

describe('settings of a credential', () => {
  it.each<[Settings, string]>([
    [{ CREDENTIAL: 'secret' }, CREDENTIAL_WORDS],
    [{ CREDENTIAL: 'Vault' }, CREDENTIAL_WORDS],
    [{ CREDENTIAL: 'vault,secret' }, CREDENTIAL_WORDS],
    [{ CREDENTIAL: ', ,' }, CREDENTIAL_WORDS],
    [{ CREDENTIAL: 'vault,vault' }, 'CREDENTIAL must name each one once'],
    [{ CREDENTIAL: 'vault managed-identity' }, 'AZURE_CLIENT_ID is not set'],
    [{ CREDENTIAL: 'tpm' }, 'TPM_CERTIFICATE is not set'],
    [{ ...TPM, TPM_CERTIFICATE: 'certificate.pem' }, 'TPM_CERTIFICATE must be an absolute path'],
    ...['0x81800000', '0x01810001', '0x8101', '81010001', '0x810100011'].map((handle): [Settings, string] => [
      { ...TPM, TPM_HANDLE: handle },
      'TPM_HANDLE must be a persistent handle, such as 0x81010001',
    ]),
    ...['cmd:/bin/sh', 'swtpm', 'device:/dev/tpm0 -x', '/dev/tpmrm0', 'Device:/dev/tpmrm0'].map(
      (tcti): [Settings, string] => [
        { ...TPM, TPM_TCTI: tcti },
        'TPM_TCTI must begin with device:, tabrmd: or swtpm:, and hold no white space',
      ],
    ),
    ...['7', 'sha256', 'sha256:', 'sha256:24', 'sha256:0,', 'md5:0', 'sha256:0;1'].map(
      (pcrs): [Settings, string] => [
        { ...TPM, TPM_PCRS: pcrs },
        'TPM_PCRS must name a bank and PCRs, such as sha256:0,7',
      ],
    ),
    [
      { ...TPM, TPM_PCRS: 'sha256:7', TPM_AUTH_FILE: '/run/auth' },
      'TPM_PCRS does not go with TPM_AUTH_FILE: a key has a policy or an auth value',
    ],
    [
      { CREDENTIAL: 'pem', PEM_FILE: '/signet.pem' },
      'CREDENTIAL must not list pem unless PUBLIC_URL is a loopback address',
    ],
    [
      { CREDENTIAL: 'vault,pem', PEM_FILE: '/signet.pem', PUBLIC_URL: 'https://127.0.0.1.example' },
      'CREDENTIAL must not list pem unless PUBLIC_URL is a loopback address',
    ],
    [{ CREDENTIAL: 'pem', PUBLIC_URL: 'http://localhost:7071' }, 'PEM_FILE is not set'],
    [
      { CREDENTIAL: 'pem', PUBLIC_URL: 'http://localhost:7071', PEM_FILE: './signet.pem' },
      'PEM_FILE must be an absolute path',
    ],
    [{ ASSERTION_PROFILE: 'strict' }, 'ASSERTION_PROFILE must be one of entra, rfc10070'],
    [
      { ASSERTION_PROFILE: 'rfc10070', ENTRA_TENANT_ID: 'organizations', ENTRA_ALLOWED_TENANTS: TENANT },
      'ASSERTION_PROFILE must be entra when ENTRA_TENANT_ID is organizations: no issuer is certain',
    ],
    ...['59', '601', '0', '-60', '60.5'].map((seconds): [Settings, string] => [
      { ASSERTION_LIFETIME_SEC: seconds },
      'ASSERTION_LIFETIME_SEC must be a whole number from 60 to 600',
    ]),
    [{ CREDENTIAL: 'managed-identity' }, 'AZURE_CLIENT_ID is not set'],
  ])('%o are refused', (settings, fault) => {
    expect(faultsWith(settings)).toEqual([fault])
  })

  it.each([
    ['vault', ['vault']],
    ['managed-identity', ['managed-identity']],
    ['vault,managed-identity', ['vault', 'managed-identity']],
    [' managed-identity , vault ', ['managed-identity', 'vault']],
    ['tpm vault', ['tpm', 'vault']],
  ])('%j is a list, in its order', (CREDENTIAL, kinds) => {
    const { credentials } = configOf({
      CREDENTIAL,
      AZURE_CLIENT_ID: CLIENT,
      TPM_CERTIFICATE: '/certificate.pem',
    })

    expect(credentials.map(({ kind }) => kind)).toEqual(kinds)
  })

  it('of a TPM are the usual handle and device, unless told', () => {
    expect(settingsOf(configOf(TPM).credentials, 'tpm')?.tpm).toEqual({
      handle: '0x81010001',
      tcti: 'device:/dev/tpmrm0',
      certificateFile: '/etc/signet/certificate.pem',
    })
    const told = {
      TPM_HANDLE: '0x8101ABCD',
      TPM_TCTI: 'swtpm:host=127.0.0.1,port=2321',
      TPM_PCRS: 'SHA256:0,7',
    }
    expect(settingsOf(configOf({ ...TPM, ...told }).credentials, 'tpm')?.tpm).toMatchObject({
      handle: '0x8101abcd',
      tcti: 'swtpm:host=127.0.0.1,port=2321',
      pcrs: 'sha256:0,7',
    })
  })

  it('need no vault where none is listed', () => {
    const { KEY_VAULT_URL: _none, ...rest } = NEEDED

    expect(faultsOf({ ...rest, ...TPM })).toEqual([])
  })
})

describe('a key in a file', () => {
  it.each(['http://localhost:7071', 'https://localhost:7071', 'http://127.0.0.1:7071', 'https://[::1]'])(
    'proves the app at %s',
    (PUBLIC_URL) => {
      expect(configOf({ ...PEM, PUBLIC_URL }).credentials).toEqual([{ kind: 'pem', file: PEM.PEM_FILE }])
    },
  )

  it.each(AZURE_VARIABLES)('is refused where the platform has set %s, at whatever address', (name) => {
    const env = { ...NEEDED, ...PEM, PUBLIC_URL: 'http://localhost:7071', [name]: 'x' }

    expect(faultsOf(env)).toEqual([
      'CREDENTIAL must not list pem in Azure: a key in a file is for development only',
    ])
    expect(faultsOf({ ...env, [name]: '' })).toEqual([])
    expect(faultsOf({ ...env, CREDENTIAL: 'vault' }), 'it counts for nothing else').toEqual([])
  })
})

describe('the profile of assertions', () => {
  it.each<[Settings, string, number]>([
    [{}, 'entra', 540],
    [{ ASSERTION_PROFILE: 'rfc10070' }, 'rfc10070', 60],
    [{ ASSERTION_LIFETIME_SEC: '60' }, 'entra', 60],
    [{ ASSERTION_PROFILE: 'rfc10070', ASSERTION_LIFETIME_SEC: '600' }, 'rfc10070', 600],
  ])('of %o is %s for %i seconds', (settings, profile, lifetimeSec) => {
    expect(configOf(settings).assertion).toEqual({ profile, lifetimeSec })
  })
})
