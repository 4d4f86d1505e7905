// `isopix INPUT… -o OUTPUT STEP…`: one file after the other through the same steps.
import { readFileSync } from 'node:fs'
import { type Engine, createEngine } from '../engine.js'
import type { RunInfo } from '../run-info.js'
import { FileError, IsopixError, StepError, UnsupportedError } from '../errors.js'
import type { Step } from '../filters/define.js'
import { parseSteps } from '../parse-steps.js'
import { compile } from '../plan.js'
import type { FilterFiles } from './arguments.js'
import { type Turn, inOrder, oneAtATime } from './batch.js'
import { Draft } from './drafts.js'
import { printExplanation } from './explain.js'
import { Codec, type Header } from './files.js'
import { type Part, Progress } from './progress.js'
import type { Report } from './report.js'
import { type Target, destinationOf, prepareFolder, targetsOf } from './targets.js'
import { durationText, plural, sizeText } from './text.js'

const MAX_LANES = 4
/** Files are worked on at once only while all have no more pixels than this: half a gigabyte with four channels. */
const MAX_PIXELS_AT_ONCE = 2 ** 27

/** An input that can be filtered, and where it goes. */
interface Job extends Header {
  readonly input: string
  readonly output: string | undefined
}

/** @returns How many files failed. */
export async function runFiles(command: FilterFiles, report: Report): Promise<number> {
  const { inputs, output, backend, threads, explain } = command
  const steps = [...(command.stepsFile === undefined ? [] : readSteps(command.stepsFile)), ...command.steps]
  const codec = await Codec.load()
  const targets = output === undefined ? inputs.map((input) => ({ input, output })) : targetsOf(inputs, output, codec)

  const { jobs, failures } = await inspectAll(targets, steps, codec)
  for (const { input, error } of failures) report.error(error, { input })
  if (jobs.length === 0) return failures.length

  const folder = output === undefined || explain ? undefined : prepareFolder(targets as readonly Target[], output)
  const engine = await createEngine({ backend, threads })
  try {
    await checkBackend(engine, backend, jobs[0] as Job, steps)
    if (explain) {
      for (const job of jobs) printExplanation(job, steps, await engine.explain(job, steps), backend, report)
      return failures.length
    }
    const failed = failures.length + (await filterAll(jobs, steps, { engine, codec, report }))
    if (failed > 0 && inputs.length > 1) report.note(`${failed} of ${plural(inputs.length, 'file')} failed`)
    return failed
  } finally {
    folder?.removeIfEmpty()
    await engine.close()
  }
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

/**
 * Looks at every file before the first is filtered.
 * @throws StepError where the steps fit none of the files that can be read: then it is the steps that are wrong.
 */
async function inspectAll(
  targets: readonly (Target | { input: string; output: undefined })[],
  steps: readonly Step[],
  codec: Codec,
): Promise<{ jobs: Job[]; failures: { input: string; error: unknown }[] }> {
  const jobs: Job[] = []
  const failures: { input: string; error: unknown }[] = []
  for (const { input, output } of targets) {
    try {
      const header = await codec.inspect(input)
      checkSteps(input, steps, header, targets.length > 1)
      jobs.push({ ...header, input, output })
    } catch (error) {
      failures.push({ input, error })
    }
  }
  const misfit = failures.find(({ error }) => error instanceof StepError)
  if (misfit !== undefined && jobs.length === 0) throw misfit.error
  return { jobs, failures }
}

function checkSteps(input: string, steps: readonly Step[], { width, height, channels }: Header, several: boolean): void {
  try {
    compile(steps, { width, height, channels, format: 'u8' }, false)
  } catch (error) {
    throw several ? withFile(error, input) : error
  }
}

/** A backend that was asked for and is missing fails the run once, not every file. */
async function checkBackend(engine: Engine, backend: FilterFiles['backend'], job: Header, steps: readonly Step[]): Promise<void> {
  if (backend === 'auto') return
  const { predictions } = await engine.explain(job, steps)
  const found = predictions.find((prediction) => prediction.backend === backend)
  if (found?.predictedMs === undefined) throw new UnsupportedError(`the backend "${backend}" cannot run here: ${found?.reason}`)
}

interface Tools {
  readonly engine: Engine
  readonly codec: Codec
  readonly report: Report
}

/** @returns How many files failed. */
async function filterAll(jobs: readonly Job[], steps: readonly Step[], tools: Tools): Promise<number> {
  const { report } = tools
  const start = performance.now()
  const progress = await Progress.open(jobs.length, !report.json)
  const labelOf = ({ input, output }: Job): string => `${input} → ${output}`
  const labelWidth = jobs.reduce((width, job) => Math.max(width, labelOf(job).length), 0)
  const turn = oneAtATime()
  const work = async (job: Job, index: number): Promise<{ job: Job; done?: Done; error?: unknown }> => {
    try {
      const done = await filterFile(job, steps, { ...tools, turn }, (part, fraction) => progress.show(index, job.input, part, fraction))
      return { job, done }
    } catch (error) {
      return { job, error: error instanceof FileError ? error : withFile(error, job.input) }
    }
  }
  let failed = 0
  for await (const { job, done, error } of inOrder(jobs, lanesFor(jobs), work)) {
    const { input, output, pages } = job
    progress.hide()
    if (done === undefined) {
      report.error(error, { input })
      failed++
      continue
    }
    if (pages > 1) report.note(`${input}: only the first of its ${pages} pictures was filtered`)
    const { width, height, channels, run } = done
    const text = `${labelOf(job).padEnd(labelWidth)}  ${sizeText(width, height, channels)}  ${runText(run)}`
    report.result(text, { input, output, ...(pages > 1 ? { pages } : {}), ...done })
  }
  if (jobs.length > 1) report.text(`${plural(jobs.length - failed, 'file')} in ${durationText(performance.now() - start)}`)
  return failed
}

/** How many files are worked on at once: some are decoded or encoded while one is filtered. */
function lanesFor(jobs: readonly Job[]): number {
  const largest = jobs.reduce((pixels, { width, height }) => Math.max(pixels, width * height), 1)
  return Math.max(1, Math.min(MAX_LANES, Math.floor(MAX_PIXELS_AT_ONCE / largest)))
}

/** The same error with the file's name in front, where it is one of ours. */
function withFile(error: unknown, path: string): unknown {
  if (error instanceof IsopixError) error.message = `${path}: ${error.message}`
  return error
}

interface Done {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly run: RunInfo
  readonly readMilliseconds: number
  readonly writeMilliseconds: number
}

async function filterFile(
  { input, output }: Job,
  steps: readonly Step[],
  { engine, codec, turn }: Tools & { turn: Turn },
  onPart: (part: Part, fraction?: number) => void,
): Promise<Done> {
  const path = destinationOf(output as string)
  const draft = new Draft(path)
  try {
    const start = performance.now()
    onPart('reading')
    const image = await codec.decode(input)
    const decoded = performance.now()
    onPart('filtering')
    const result = await turn(() => engine.apply(image, steps, { onProgress: (fraction) => onPart('filtering', fraction) }))
    const filtered = performance.now()
    onPart('writing')
    await draft.commit(await codec.encode(result, path))
    onPart('writing', 1)
    const { width, height, channels, run } = result
    return { width, height, channels, run, readMilliseconds: decoded - start, writeMilliseconds: performance.now() - filtered }
  } finally {
    draft.discard()
  }
}

/** The backend and its time; and why, where it is not what was asked for. */
const runText = ({ backend, milliseconds, reason }: RunInfo): string =>
  `${backend} ${durationText(milliseconds)}${/^\w+ failed /.test(reason) ? ` (${reason})` : ''}`
