#!/usr/bin/env node
// The command line. `isopix --help` says what it does.
import { tmpdir } from 'node:os'
import { InvalidArgumentError, StepError } from '../errors.js'
import { describeFilter } from '../filters/describe.js'
import { filters } from '../filters/index.js'
import { definitionOf } from '../parse-steps.js'
import { type Command, parseCommand } from './arguments.js'
import { discardAll } from './drafts.js'
import { explainFilter, listFilters } from './filters.js'
import { help, version } from './help.js'
import { pathKind } from './inputs.js'
import { Report } from './report.js'
import { runFiles } from './run-files.js'
import { runSample } from './sample.js'
import { runServe } from './serve.js'

const FAILED = 1
const USAGE = 2
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const

// Vulkan drivers complain on stderr where this is unset, as on servers; without a display they do not use it.
process.env['XDG_RUNTIME_DIR'] ??= tmpdir()
process.on('exit', discardAll)
for (const [signal, number] of Object.entries(SIGNALS)) process.on(signal, () => process.exit(128 + number))
// Whoever read the output has had enough (`isopix filters | head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : FAILED))

const line = process.argv.slice(2)
const report = new Report(line.includes('--json'))
try {
  if (line[0] === 'serve') await runServe(line.slice(1), report)
  else process.exitCode = (await run(parseCommand(line, pathKind))) > 0 ? FAILED : 0
} catch (error) {
  report.error(error)
  process.exitCode = error instanceof InvalidArgumentError || error instanceof StepError ? USAGE : FAILED
}

/** Returns how many files failed. */
async function run(command: Command): Promise<number> {
  switch (command.kind) {
    case 'help':
      console.log(help)
      return 0
    case 'version':
      console.log(version())
      return 0
    case 'filters':
      if (command.name === undefined) report.result(listFilters(), filters.map(describeFilter))
      else report.result(explainFilter(command.name), describeFilter(definitionOf(command.name)))
      return 0
    case 'sample':
      await runSample(command, report)
      return 0
    case 'files':
      return runFiles(command, report)
  }
}
