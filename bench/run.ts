// Measures isopix. npm run bench -- --help
import { useSoftwareGpu } from '../tests/helpers/software-gpu.js'
import { writeFileSync } from 'node:fs'
import { describeMachine } from './machine.js'
import { parseCommand } from './options.js'
import { formatTable } from './report/terminal.js'
import { SECTIONS } from './sections/index.js'

useSoftwareGpu()
const command = parseCommand(process.argv.slice(2))
const { setting } = command
const machine = describeMachine()
console.log(`${machine.processor}, ${machine.cores} cores, Node ${machine.node}; ${setting.threads} threads, ${setting.width} x ${setting.height}`)

const data: Record<string, unknown> = {}
for (const section of SECTIONS.filter(({ name }) => command.sections.includes(name))) {
  const found = await section.measure(setting)
  data[section.name] = found
  for (const table of section.tables(found)) console.log(formatTable(table))
}
if (command.json !== undefined) writeFileSync(command.json, `${JSON.stringify({ machine, sections: data }, null, 2)}\n`)
