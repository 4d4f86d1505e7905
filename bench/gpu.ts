// What a GPU is asked for by every filter and chain, pass by pass: npm run bench:gpu [-- --filter NAME --size SIZE --json FILE]
import { writeFileSync } from 'node:fs'
import { parseCommand } from './options.js'
import { formatTable } from './report/terminal.js'
import { gpu } from './sections/gpu.js'

const { setting, json } = parseCommand(process.argv.slice(2))
const found = await gpu.measure(setting)
for (const table of gpu.tables(found)) console.log(formatTable(table))
const pixels = found.width * found.height
console.log(
  formatTable({
    title: 'Pass by pass',
    columns: ['steps', 'pass', 'kernels', 'threads', 'B/px read', 'B/px written', 'operations a thread', 'loads', 'data loads', 'tile loads', 'workgroup B'],
    rows: found.rows.flatMap(({ name, second }) =>
      second.passes.map((pass, index) => [
        index === 0 ? name : '',
        index + 1,
        pass.kernels.join(', '),
        pass.threads,
        (pass.bytesRead / pixels).toFixed(1),
        (pass.bytesWritten / pixels).toFixed(1),
        pass.operations.toFixed(0),
        pass.pixelLoads.toFixed(1),
        pass.dataLoads.toFixed(1),
        pass.tileLoads.toFixed(1),
        pass.workgroupBytes,
      ]),
    ),
  }),
)
if (json !== undefined) writeFileSync(json, `${JSON.stringify(found, null, 2)}\n`)
