// A certification request (PKCS #10, RFC 2986): what a vault hands out where somebody else is to sign its certificate.

import type { KeyObject } from 'node:crypto'
import { sign } from 'node:crypto'
import { der } from '../../lib/base/der.ts'
import { distinguishedName, RSA_SIGNATURE, signedBody } from '../../lib/base/x509.ts'

/** DER; the key signs for itself. */
export function certificateRequest(subject: string, publicKey: KeyObject, privateKey: KeyObject): Buffer {
  const body = der.sequence(
    der.integer(Uint8Array.of(0)),
    distinguishedName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der.explicit(0),
  )
  return signedBody(body, RSA_SIGNATURE, sign('sha256', body, privateKey))
}
