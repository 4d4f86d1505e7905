// Writes what the documentation says of the filters: npm run docs
import { mkdirSync, writeFileSync } from 'node:fs'
import { staleFiles } from './pages.js'

const stale = await staleFiles()
mkdirSync('docs', { recursive: true })
for (const [file, text] of stale) writeFileSync(file, text)
console.log(stale.length === 0 ? 'all current' : `wrote ${stale.map(([file]) => file).join(', ')}`)
