/** A comparison takes longer the more of it fits (ASVS 11.2.4): so nothing secret is compared at all. */
import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const SECRET =
  /\b(?:secret|stateKey|codeVerifier|verifier|cookieValue|jws|accessToken|refreshToken|idToken|token)\b/
    .source
const CONSTANT = /undefined|null|true|false|['"`\d]/.source
const COMPARED = new RegExp(`${SECRET} [!=]== (?!${CONSTANT})|[^'"\`] [!=]== (?:\\w+\\.)*${SECRET}`, 'g')

test('no secret is compared: a cookie leads by HKDF to the id of its row, and the row opens by AES-GCM or it does not', () => {
  const found = globSync('lib/**/*.ts').flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(COMPARED)].map(([text]) => `${path}: ${text}`),
  )

  expect(found).toEqual([])
})
