using '../live/live.bicep'

// waf-aligned: a domain of one's own, and somebody whom an alert wakes.
param environmentName = 'waf-aligned'
param location = 'swedencentral'
param settings = {
  ENTRA_CLIENT_ID: '00000000-0000-4000-8000-00000000000c'
  PUBLIC_URL: 'https://signin.example.com'
}
param alertEmails = ['operators@example.com']
