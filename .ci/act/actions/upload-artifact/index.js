const fs = require('fs')
const path = require('path')
const core = require('@actions/core')
const glob = require('@actions/glob')
const { DefaultArtifactClient, ArtifactNotFoundError } = require('@actions/artifact')

// commonDirectory is the deepest directory that all the given paths lie in.
function commonDirectory(paths) {
  const [first, ...rest] = paths.map(p => path.resolve(p).split(path.sep))
  let n = first.length
  for (const other of rest) {
    let i = 0
    while (i < n && i < other.length && first[i] === other[i]) i++
    n = i
  }
  return first.slice(0, n).join(path.sep) || path.sep
}

// find gives the files to upload and the directory that their names in the
// artifact are relative to: the one path given (its directory if it is a
// file), or what several paths have in common.
async function find(patterns, hidden) {
  const globber = await glob.create(patterns, { excludeHiddenFiles: !hidden })
  const files = (await globber.glob()).filter(f => fs.statSync(f).isFile())
  const roots = globber.getSearchPaths()
  if (roots.length > 1) return { files, root: commonDirectory(roots) }
  if (files.length === 1 && files[0] === roots[0]) return { files, root: path.dirname(files[0]) }
  return { files, root: roots[0] }
}

async function exists(client, name) {
  try {
    await client.getArtifact(name)
    return true
  } catch (error) {
    if (error instanceof ArtifactNotFoundError) return false
    throw error
  }
}

async function main() {
  const name = core.getInput('name')
  const patterns = core.getInput('path', { required: true })
  const missing = core.getInput('if-no-files-found')
  if (!['warn', 'error', 'ignore'].includes(missing)) throw new Error(`Unrecognized if-no-files-found input. Provided: ${missing}`)

  const { files, root } = await find(patterns, core.getBooleanInput('include-hidden-files'))
  if (files.length === 0) {
    const message = `No files were found with the provided path: ${patterns}. No artifacts will be uploaded.`
    if (missing === 'error') throw new Error(message)
    if (missing === 'warn') core.warning(message)
    else core.info(message)
    return
  }

  const client = new DefaultArtifactClient()
  // The real service refuses a name that the run already has, also one of an
  // earlier attempt; act's overwrites it.
  if (await exists(client, name)) {
    if (!core.getBooleanInput('overwrite')) {
      throw new Error('Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict: an artifact with this name already exists on the workflow run')
    }
    await client.deleteArtifact(name)
  }

  const options = { compressionLevel: Number(core.getInput('compression-level')) }
  const days = core.getInput('retention-days')
  if (days) options.retentionDays = Number(days)
  for (const [option, value] of Object.entries(options)) {
    if (!Number.isInteger(value) || value < 0) throw new Error(`Invalid ${option}: ${value}`)
  }
  const { id, size, digest } = await client.uploadArtifact(name, files, root, options)
  core.info(`${name}: ${files.length} files, ${size} bytes`)
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = process.env
  core.setOutput('artifact-id', id)
  core.setOutput('artifact-digest', digest)
  core.setOutput('artifact-url', `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}/artifacts/${id}`)
}

main().catch(error => {
  core.setFailed(error.message)
  setTimeout(() => {}, 200) // until act has read it
})
