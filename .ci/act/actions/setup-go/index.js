// The machine's Go is the program COLDSTART_ACT_GO; nothing is installed.
const { execFileSync } = require('child_process')
const fs = require('fs')
const path = require('path')
const core = require('@actions/core')

const numbers = version => version.split('.').map(Number)

function atLeast(have, want) {
  const h = numbers(have)
  const w = numbers(want)
  for (let i = 0; i < w.length; i++) {
    if ((h[i] || 0) !== w[i]) return (h[i] || 0) > w[i]
  }
  return true
}

function main() {
  const go = process.env.COLDSTART_ACT_GO
  if (!go) throw new Error('COLDSTART_ACT_GO is not set: run act through .ci/act/run')
  const have = execFileSync(go, ['env', 'GOVERSION'], { encoding: 'utf8', cwd: '/' }).trim().replace(/^go/, '')

  const file = core.getInput('go-version-file')
  const version = core.getInput('go-version')
  if (file) {
    const found = path.resolve(process.env.GITHUB_WORKSPACE, file)
    if (!fs.existsSync(found)) throw new Error(`The specified go version file at: ${file} does not exist`)
    const directive = /^go\s+(\d+(?:\.\d+)*)/m.exec(fs.readFileSync(found, 'utf8'))
    if (!directive) throw new Error(`${file} has no go directive`)
    if (!atLeast(have, directive[1])) throw new Error(`${file} wants go ${directive[1]}, the machine has ${have}`)
  } else if (version && !/^(stable|oldstable)$/.test(version)) {
    const want = version.replace(/^[\^~>=]+/, '').replace(/\.x$/, '')
    if (have !== want && !have.startsWith(want + '.')) throw new Error(`go ${version} is wanted, the machine has ${have}`)
  }

  core.addPath(path.dirname(go))
  core.setOutput('go-version', have)
  core.setOutput('cache-hit', 'false')
  core.info(`go ${have}`)
}

try {
  main()
} catch (error) {
  core.setFailed(error.message)
  setTimeout(() => {}, 200) // until act has read it
}
