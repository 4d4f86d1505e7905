// `isopix INPUT… -o OUTPUT STEP…`: from what the line says to files that are filtered.
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import { type Engine, createEngine } from '../engine.js'
import { FileError, InvalidArgumentError, UnsupportedError } from '../errors.js'
import type { Step } from '../filters/define.js'
import { parseSteps } from '../parse-steps.js'
import type { FilterFiles } from './arguments.js'
import { printExplanation } from './explain.js'
import { Codec, type Header, withFile } from './files.js'
import { type FilterTools, type Job, filterAll } from './filter-all.js'
import { Folders } from './folders.js'
import { version } from './help.js'
import { type Inputs, findInputs } from './inputs.js'
import { type InspectTools, inspectAll } from './inspect.js'
import { Journal, recipeOf } from './journal.js'
import { Bar, Progress } from './progress.js'
import type { Report } from './report.js'
import { targetsOf } from './targets.js'
import { durationText, plural } from './text.js'

/** Enough pictures for every core to have one, while others wait for a disk. */
const DEFAULT_CONCURRENCY = Math.min(8, availableParallelism() + 2)

/** @returns How many files failed. */
export async function runFiles(command: FilterFiles, report: Report): Promise<number> {
  const { inputs, output, recursive, stepsFile } = command
  const steps = [...(stepsFile === undefined ? [] : readSteps(stepsFile)), ...command.steps]
  const codec = await Codec.load()
  const found = await findInputs(inputs, { output, recursive, isPicture: (path) => codec.canRead(path) })
  const tools = { codec, report, bar: await Bar.open(!report.json) }
  if (command.explain) await explainFiles(command, steps, found, tools)
  else await filterFiles(command, steps, found, tools)
  return report.failures.length
}

function readSteps(path: string): Step[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new FileError(`${path}: ${code === 'ENOENT' ? 'there is no such file' : message}`, { cause: error })
  }
  try {
    return parseSteps(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw withFile(error, path)
  }
}

/** A backend that was asked for and is missing fails the run once, not every file. */
async function checkBackend(engine: Engine, backend: FilterFiles['backend'], file: Header, steps: readonly Step[]): Promise<void> {
  if (backend === 'auto') return
  const { predictions } = await engine.explain(file, steps)
  const found = predictions.find((prediction) => prediction.backend === backend)
  if (found?.predictedMs === undefined) throw new UnsupportedError(`the backend "${backend}" cannot run here: ${found?.reason}`)
}

function reportSearch({ notes, failures }: Inputs, report: Report): void {
  for (const note of notes) report.note(note)
  for (const failure of failures) report.fail(failure)
}

async function explainFiles(command: FilterFiles, steps: readonly Step[], found: Inputs, tools: InspectTools): Promise<void> {
  const { output, backend, threads } = command
  const { report } = tools
  const targets: readonly { readonly input: string; readonly output: string | undefined }[] =
    output === undefined ? found.files.map(({ path }) => ({ input: path, output })) : targetsOf(found, output, tools.codec).targets
  reportSearch(found, report)
  const files = await inspectAll(targets, steps, tools)
  const engine = await createEngine({ backend, threads })
  try {
    for (const [index, file] of files.entries()) {
      if (index === 0) await checkBackend(engine, backend, file, steps)
      printExplanation(file, steps, await engine.explain(file, steps), backend, report)
    }
  } finally {
    await engine.close()
  }
  const total = found.files.length + found.failures.length
  report.summary(total === 1 ? undefined : `${report.failures.length} of ${total} files failed`)
}

async function filterFiles(command: FilterFiles, steps: readonly Step[], found: Inputs, tools: InspectTools): Promise<void> {
  const { resume, onError } = command
  const { report, codec, bar } = tools
  const { targets, folder } = targetsOf(found, command.output as string, codec)
  if (resume && folder === undefined) throw new InvalidArgumentError('--resume needs a folder as output, which knows what was done')
  const isMany = targets.length > 1 || found.search !== undefined
  const recipe = recipeOf(steps, version(), codec.version)
  const journal = folder !== undefined && (isMany || resume) ? await Journal.open(folder, recipe) : undefined
  reportSearch(found, report)
  const before = new Set(resume ? targets.filter((target) => journal?.has(target)) : [])
  for (const target of before) report.data({ ...target, unchanged: true })

  const jobs = await inspectAll(targets.filter((target) => !before.has(target)), steps, tools)
  const progress = new Progress(bar, jobs, report.failures.length)
  const tally = { total: targets.length + found.failures.length, before: before.size, progress }
  if (jobs.length > 0 && (report.failures.length === 0 || onError === 'skip')) {
    await filterJobs(command, steps, jobs, { ...tools, journal, progress }, folder !== undefined, () => sayInterrupted(tally, report))
  }
  sayEnd(command, tally, report)
}

async function filterJobs(
  { backend, threads, onError, concurrency = DEFAULT_CONCURRENCY }: FilterFiles,
  steps: readonly Step[],
  jobs: readonly Job[],
  tools: Omit<FilterTools, 'engine'>,
  intoFolder: boolean,
  onInterrupt: () => void,
): Promise<void> {
  const folders = new Folders()
  const onExit = (code: number): void => {
    folders.removeEmpty()
    if (code > 128) onInterrupt()
  }
  process.once('exit', onExit)
  const engine = await createEngine({ backend, threads })
  try {
    await checkBackend(engine, backend, jobs[0] as Job, steps)
    // A single file does not make its folder: that would hide a misspelt path.
    if (intoFolder) for (const { output } of jobs) folders.make(dirname(output))
    folders.check((jobs[0] as Job).output)
    await filterAll(jobs, steps, { ...tools, engine }, { onError, concurrency })
  } finally {
    process.removeListener('exit', onExit)
    folders.removeEmpty()
    await engine.close()
  }
}

interface Tally {
  /** All files, those that failed before they were filtered and those that were done before among them. */
  readonly total: number
  readonly before: number
  readonly progress: Progress
}

function sayEnd({ onError }: FilterFiles, { total, before, progress }: Tally, report: Report): void {
  const { done, milliseconds } = progress
  const failed = report.failures.length
  const rest = total - before - done - failed
  if (total > 1) {
    const unchanged = before === 0 ? '' : `${plural(before, 'file')} done before and unchanged`
    const filtered = done === 0 ? '' : `${plural(done, 'file')} in ${durationText(milliseconds)}`
    report.text([filtered, unchanged].filter((part) => part !== '').join('; '))
  }
  const them = failed === 1 ? 'it' : 'them'
  const hint = onError === 'skip' || rest === 0 ? '' : `, and ${rest} were not done; --on-error skip goes on without ${them}`
  report.summary(total === 1 ? undefined : `${failed} of ${total} files failed${hint}`)
}

function sayInterrupted({ total, before, progress }: Tally, report: Report): void {
  progress.hide()
  if (total > 1) report.note(`stopped; ${before + progress.done} of ${total} files are done, and --resume does the others`)
  report.summary(total === 1 ? undefined : `${report.failures.length} of ${total} files failed`)
}
