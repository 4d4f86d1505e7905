// Writes what the documentation says of the filters and, where their tests were run, of the runtimes: npm run docs
import { mkdirSync, writeFileSync } from 'node:fs'
import { staleFiles } from './pages.js'
import { lastResults, runtimesPage } from './runtimes.js'

const stale = await staleFiles()
const results = lastResults()
mkdirSync('docs', { recursive: true })
for (const [file, text] of stale) writeFileSync(file, text)
console.log(stale.length === 0 ? 'all current' : `wrote ${stale.map(([file]) => file).join(', ')}`)
if (results.length === 0) {
  console.log('docs/runtimes.md stays as it is; npm test -- tests/runtimes leaves behind what it is made from')
} else {
  writeFileSync('docs/runtimes.md', `${runtimesPage(results)}\n`)
  console.log('wrote docs/runtimes.md')
}
