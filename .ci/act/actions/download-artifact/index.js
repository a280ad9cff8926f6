const os = require('os')
const path = require('path')
const core = require('@actions/core')
const { minimatch } = require('minimatch')
const { DefaultArtifactClient } = require('@actions/artifact')

async function select(client, { name, ids, pattern }) {
  if (name) return [(await client.getArtifact(name)).artifact]
  const { artifacts } = await client.listArtifacts({ latest: true })
  if (ids.length) {
    const found = artifacts.filter(a => ids.includes(Number(a.id)))
    const missing = ids.filter(id => !found.some(a => Number(a.id) === id))
    if (!found.length) throw new Error('None of the provided artifact IDs were found')
    if (missing.length) core.warning(`Could not find the following artifact IDs: ${missing.join(', ')}`)
    return found
  }
  const wanted = pattern ? artifacts.filter(a => minimatch(a.name, pattern)) : artifacts
  core.info(`${wanted.length} of ${artifacts.length} artifacts`)
  return wanted
}

async function main() {
  if (core.getInput('github-token')) throw new Error("artifacts of other runs can't be fetched under act: leave github-token out")
  const name = core.getInput('name')
  const pattern = core.getInput('pattern')
  const list = core.getInput('artifact-ids')
  if (name && list) throw new Error("Inputs 'name' and 'artifact-ids' cannot be used together. Please specify only one.")
  const ids = list ? list.split(',').map(s => s.trim()).filter(Boolean).map(Number) : []
  if (ids.some(id => !Number.isInteger(id))) throw new Error(`Invalid artifact ID in '${list}'. Must be a number.`)

  const client = new DefaultArtifactClient()
  const artifacts = await select(client, { name, ids, pattern })
  const to = path.resolve(core.getInput('path').replace(/^~(?=\/|$)/, os.homedir()) || process.env.GITHUB_WORKSPACE)
  // Since v5 the real action leaves the directory out whenever it has one
  // artifact to fetch, also if a pattern found that one.
  const flat = core.getBooleanInput('merge-multiple') || artifacts.length === 1
  for (let i = 0; i < artifacts.length; i += 5) {
    await Promise.all(artifacts.slice(i, i + 5).map(a => client.downloadArtifact(a.id, { path: flat ? to : path.join(to, a.name) })))
  }
  core.info(`Total of ${artifacts.length} artifact(s) downloaded`)
  if (artifacts.length) core.setOutput('download-path', to)
}

main().catch(error => {
  core.setFailed(error.message)
  setTimeout(() => {}, 200) // until act has read it
})
