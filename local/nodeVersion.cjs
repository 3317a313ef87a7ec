// Runs on any Node, however old: says what to do when the one in charge is too old for the rest.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Signet needs Node 22.18 or later and found ${process.versions.node}. ` +
      'Run it through npm (npm start, npm test): "npm ci" brings Node 24 for Linux and Windows. ' +
      'Elsewhere, or after "npm ci --omit=optional", install Node 24 first.',
  )
  process.exit(1)
}
