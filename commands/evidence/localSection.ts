/** A key beside the host on the page of evidence. */
import { type Html, html } from '../../lib/http/html.ts'
import type { LocalEvidence, TpmKeyEvidence } from './evidence.ts'
import { fact, none, time } from './pageParts.ts'

export function localSection({ kind, certificate, key }: LocalEvidence): Html {
  return html`<h3>${kind === 'tpm' ? 'Its key in the TPM of the host, as that states it' : 'Its key in a file'}</h3>
${'known' in certificate ? undefined : none(certificate.unknown)}
${key === undefined || 'known' in key ? undefined : none(key.unknown)}
<dl>${[
    ...('known' in certificate
      ? [
          fact('Certificate', html`${certificate.known.subject}`),
          fact('Thumbprint (SHA-1)', html`<code>${certificate.known.thumbprint}</code>`),
          fact('From', time(certificate.known.startsAt)),
          fact('Until', time(certificate.known.endsAt)),
          fact('Issued by', html`${certificate.known.isSelfIssued ? 'itself' : 'an authority'}`),
        ]
      : []),
    ...(key !== undefined && 'known' in key ? tpmFacts(key.known) : []),
    ...(kind === 'pem'
      ? [
          fact(
            'Key',
            html`RSA${'known' in certificate ? ` of ${certificate.known.bits} bits` : ''}, in the file: it can be copied`,
          ),
        ]
      : []),
  ]}</dl>`
}

function tpmFacts({ handle, bits, isBound, hasPolicy, isOfCertificate }: TpmKeyEvidence): readonly Html[] {
  return [
    fact('Key', html`RSA of ${bits} bits at <code>${handle}</code>`),
    fact(
      'Bound',
      html`${isBound ? 'made in this TPM, and can be neither copied nor imported' : 'not made in this TPM, or may leave it'}`,
    ),
    fact(
      'Opened by',
      html`${hasPolicy ? 'a policy on the state of the machine' : 'no policy on the state of the machine'}`,
    ),
    fact('Of this certificate', html`${isOfCertificate ? 'yes' : 'no'}`),
  ]
}
