// The scratch copy that the harness made is the remote: COLDSTART_ACT_REPOSITORY.
const { execFileSync } = require('child_process')
const fs = require('fs')
const path = require('path')
const core = require('@actions/core')

function main() {
  const source = process.env.COLDSTART_ACT_REPOSITORY
  if (!source) throw new Error('COLDSTART_ACT_REPOSITORY is not set: run act through .ci/act/run')
  const repository = core.getInput('repository')
  if (repository !== process.env.GITHUB_REPOSITORY) {
    throw new Error(`Not Found: only ${process.env.GITHUB_REPOSITORY} can be checked out here, not ${repository}`)
  }

  const workspace = process.env.GITHUB_WORKSPACE
  const dir = path.resolve(workspace, core.getInput('path'))
  if (dir !== workspace && !dir.startsWith(workspace + path.sep)) throw new Error(`path ${dir} is not below ${workspace}`)
  fs.mkdirSync(dir, { recursive: true })
  const git = (...args) => execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()

  const ref = core.getInput('ref')
  const depth = core.getInput('fetch-depth')
  if (!/^\d+$/.test(depth)) throw new Error(`fetch-depth ${depth} is no number`)
  git('init', '--quiet')
  git('fetch', '--quiet', '--no-tags', ...(depth === '0' ? [] : [`--depth=${depth}`]), `file://${source}`, ref || process.env.GITHUB_SHA)
  if (depth === '0') { // all branches too, as the real one
    const commit = git('rev-parse', 'FETCH_HEAD')
    git('fetch', '--quiet', '--no-tags', `file://${source}`, '+refs/heads/*:refs/remotes/origin/*')
    git('update-ref', 'FETCH_HEAD', commit)
  }
  git('-c', 'advice.detachedHead=false', 'checkout', '--quiet', '--force', 'FETCH_HEAD')
  if (core.getBooleanInput('clean')) git('clean', '-ffdxq')
  if (core.getBooleanInput('persist-credentials')) {
    const basic = Buffer.from(`x-access-token:${core.getInput('token')}`).toString('base64')
    core.setSecret(basic)
    git('config', 'http.https://github.com/.extraheader', `AUTHORIZATION: basic ${basic}`)
  }
  const commit = git('rev-parse', 'HEAD')
  core.info(`checked out ${commit}`)
  core.setOutput('ref', ref)
  core.setOutput('commit', commit)
}

try {
  main()
} catch (error) {
  core.setFailed(error.message)
  setTimeout(() => {}, 200) // until act has read it
}
