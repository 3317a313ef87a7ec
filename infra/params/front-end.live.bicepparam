using '../live/live.bicep'

// front-end: the app passes its files on, to whoever is signed in.
param environmentName = 'front-end'
param location = 'westeurope'
param settings = {
  ENTRA_CLIENT_ID: '00000000-0000-4000-8000-00000000000c'
  FRONT_END_URL: 'https://stwebexample.z6.web.core.windows.net'
  FRONT_END_SIGN_IN: 'required'
}
