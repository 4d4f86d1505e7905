// Measures isopix. npm run bench -- --help
import { readFileSync, writeFileSync } from 'node:fs'
import { useSoftwareGpu } from '../tests/helpers/software-gpu.js'
import { goalTables } from './goals/index.js'
import { describeMachine } from './machine.js'
import { type Command, parseCommand } from './options.js'
import { installPackages } from './peers/packages.js'
import { htmlOf } from './report/html.js'
import type { Run } from './report/run.js'
import { formatTable } from './report/terminal.js'
import { SECTIONS } from './sections/index.js'

const args = process.argv.slice(2)
const command = parseCommand(args)
const run = command.from === undefined ? await measure(command) : (JSON.parse(readFileSync(command.from, 'utf8')) as Run)
if (command.from !== undefined) for (const section of SECTIONS) print(section.name, run.sections[section.name])
for (const table of goalTables(run)) console.log(formatTable(table))
write(run)

async function measure({ sections: wanted, setting, install }: Command): Promise<Run> {
  useSoftwareGpu()
  if (install) installPackages()
  const machine = describeMachine(args)
  console.log(`${machine.processor}, ${machine.cores} cores, Node ${machine.node}; ${setting.threads} threads, ${setting.width} x ${setting.height}`)
  const sections: Record<string, unknown> = {}
  for (const section of SECTIONS.filter(({ name }) => wanted.includes(name))) {
    const start = performance.now()
    sections[section.name] = await section.measure(setting)
    setting.log('')
    console.log(`\n${section.title}: ${((performance.now() - start) / 1000).toFixed(0)} s`)
    print(section.name, sections[section.name])
    // What there is so far, should a later part be ended.
    write({ machine, sections })
  }
  return { machine, sections }
}

function write(found: Run): void {
  if (command.json !== undefined) writeFileSync(command.json, `${JSON.stringify(found, null, 1)}\n`)
  if (command.report !== undefined) writeFileSync(command.report, htmlOf(found, SECTIONS, goalTables(found)))
}

function print(name: string, data: unknown): void {
  if (data === undefined) return
  for (const table of SECTIONS.find((section) => section.name === name)?.tables(data) ?? []) console.log(formatTable(table))
}
