using '../main.bicep'

// defaults: the least one has to say, a name and a region. Whoever deploys is asked for nothing else.
param environmentName = 'defaults'
param location = 'westeurope'
