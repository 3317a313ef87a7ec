using '../main.bicep'

// front-end: the front end in a storage account of its own, which azd fills from a folder.
param environmentName = 'front-end'
param location = 'westeurope'
param frontEndFolder = 'examples/front-end/dist'
