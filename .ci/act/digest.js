// digest.js ATTEMPT ARTIFACTS: from act's log.jsonl, what a test asks for.
const fs = require('fs')
const path = require('path')
const unzip = require('unzip-stream')
const { pipeline } = require('stream/promises')

const [out, store] = process.argv.slice(2)

const jobs = new Map() // by name: act gives every cell its own
const annotations = []
const readable = []

function job(entry) {
  const name = entry.job.trim()
  if (!jobs.has(name)) jobs.set(name, { name, job: entry.jobID, matrix: entry.matrix || {}, result: '', failed: [], summary: '' })
  return jobs.get(name)
}

const lines = fs.readFileSync(path.join(out, 'log.jsonl'), 'utf8').split('\n')
const tolerated = new Set() // steps that may fail
for (const line of lines) {
  if (!line) continue
  let entry
  try {
    entry = JSON.parse(line)
  } catch {
    readable.push(line)
    continue
  }
  const message = (entry.msg || '').replace(/\s+$/, '')
  if (message.startsWith('LocalRepositoryCache ')) continue
  if (!entry.job) {
    readable.push(`act: ${entry.level}: ${message}`)
    continue
  }
  const j = job(entry)
  readable.push(`[${j.name}] ${entry.raw_output ? '| ' : ''}${message}`)

  const step = `${entry.stage} ${(entry.stepID || []).join('/')}`
  if (message === 'Failed but continue next step') tolerated.add(`${j.name} ${step}`)
  // A composite action's own steps have longer ids; they count in their caller.
  if (entry.stepResult === 'failure' && (entry.stepID || []).length <= 1 && !tolerated.has(`${j.name} ${step}`)) {
    j.failed.push(`${entry.stage || ''} ${entry.step || ''}`.trim())
  }
  // A composite action's last step's summary comes again as the action's own.
  if (entry.command === 'summary') {
    if (entry.stepID.length > 1 || entry.content !== j.inner) j.summary += entry.content.replace(/\n*$/, '\n')
    j.inner = entry.stepID.length > 1 ? entry.content : undefined
  }
  if (['error', 'warning', 'notice'].includes(entry.command)) {
    annotations.push({ job: j.name, level: entry.command, message: entry.arg, ...entry.kvPairs })
  }
  // act keeps one result for a whole matrix: a cell's own is in its steps.
  if (entry.jobResult) j.result = 'done'
}

const list = [...jobs.values()].map(({ name, job, matrix, result, failed }) =>
  ({ name, job, matrix, result: failed.length || !result ? 'failure' : 'success', failed }))
const write = (file, text) => fs.writeFileSync(path.join(out, file), text)
write('log', readable.join('\n') + '\n')
write('jobs.json', JSON.stringify(list, null, 1) + '\n')
write('annotations.json', JSON.stringify(annotations, null, 1) + '\n')
write('summary.md', [...jobs.values()].filter(j => j.summary).map(j => `<!-- ${j.name} -->\n${j.summary}`).join('\n'))

async function unpack() {
  for (const name of fs.readdirSync(store)) {
    const to = path.join(out, 'artifacts', name)
    fs.mkdirSync(to, { recursive: true })
    await pipeline(fs.createReadStream(path.join(store, name, `${name}.zip`)), unzip.Extract({ path: to }))
  }
}

unpack().catch(error => {
  console.error(error.message)
  process.exit(1)
})
