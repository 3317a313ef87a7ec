using '../entra/entra.bicep'

// entra: two certificates, one registered and one new, as during a rotation; the managed identity federated as well; consent granted.
param environmentName = 'example'
param publicUrl = 'https://signin.example.com'
param signingCertificates = [
  {
    key: 'Y2VydGlmaWNhdGUgaW4gdXNl'
    displayName: 'signet-signing, in use'
    keyId: '00000000-0000-4000-8000-0000000000c1'
    customKeyIdentifier: 'dGh1bWJwcmludA=='
    startDateTime: '2026-01-01T00:00:00Z'
    endDateTime: '2027-01-01T00:00:00Z'
    type: 'AsymmetricX509Cert'
    usage: 'Verify'
  }
  { key: 'bmV4dCBjZXJ0aWZpY2F0ZQ==' }
]
param appOnlyCertificates = [{ key: 'Y2VydGlmaWNhdGUgb2YgdGhlIGFwcA==' }]
param federatedPrincipalId = '00000000-0000-4000-8000-0000000000e1'
param grantTenantConsent = true
