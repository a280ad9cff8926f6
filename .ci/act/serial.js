// Rewrites workflows so that every matrix runs its cells one at a time.
const fs = require('fs')

function serial(text) {
  const lines = text.split('\n')
  const out = []
  for (let i = 0; i < lines.length; i++) {
    out.push(lines[i])
    if (/^\s+strategy:\s*[{*]/.test(lines[i])) throw new Error(`line ${i + 1}: strategy must be written as a block`)
    const strategy = /^(\s+)strategy:\s*(#.*)?$/.exec(lines[i])
    if (!strategy) continue
    out.push(`${strategy[1]}  max-parallel: 1`)
    const inside = line => line.trim() === '' || line.search(/\S/) > strategy[1].length
    for (; i + 1 < lines.length && inside(lines[i + 1]); i++) {
      if (!/^\s+max-parallel:/.test(lines[i + 1])) out.push(lines[i + 1])
    }
  }
  return out.join('\n')
}

for (const file of process.argv.slice(2)) fs.writeFileSync(file, serial(fs.readFileSync(file, 'utf8')))
