// `isopix INPUT… -o OUTPUT STEP…`: one file after the other through the same steps.
import { readFileSync } from 'node:fs'
import { type Engine, type Explanation, type RunInfo, createEngine } from '../engine.js'
import { FileError, IsopixError, StepError, UnsupportedError } from '../errors.js'
import type { Step } from '../filters/define.js'
import { parseSteps } from '../parse-steps.js'
import { compile } from '../plan.js'
import type { FilterFiles } from './arguments.js'
import { Draft } from './drafts.js'
import { Codec, type Header } from './files.js'
import { Progress } from './progress.js'
import type { Report } from './report.js'
import { type Target, destinationOf, prepareFolder, targetsOf } from './targets.js'
import { durationText, plural, sizeText, stepText, table } from './text.js'

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
      for (const job of jobs) explainJob(job, steps, await engine.explain(job, steps), backend, report)
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
async function inspectAll(targets: readonly (Target | { input: string; output: undefined })[], steps: readonly Step[], codec: Codec) {
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
  const labelWidth = Math.max(...jobs.map((job) => labelOf(job).length))
  let failed = 0
  for (const [index, job] of jobs.entries()) {
    const { input, output, pages } = job
    try {
      const done = await filterFile(job, steps, tools, (part, fraction) => progress.show(index, input, part, fraction))
      progress.hide()
      if (pages > 1) report.note(`${input}: only the first of its ${pages} pictures was filtered`)
      const { width, height, channels, run } = done
      const text = `${labelOf(job).padEnd(labelWidth)}  ${sizeText(width, height, channels)}  ${runText(run)}`
      report.result(text, { input, output, ...(pages > 1 ? { pages } : {}), ...done })
    } catch (error) {
      progress.hide()
      report.error(error instanceof FileError ? error : withFile(error, input), { input })
      failed++
    }
  }
  if (jobs.length > 1) report.text(`${plural(jobs.length - failed, 'file')} in ${durationText(performance.now() - start)}`)
  return failed
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

type OnPart = (part: 'reading' | 'filtering' | 'writing', fraction?: number) => void

async function filterFile({ input, output }: Job, steps: readonly Step[], { engine, codec }: Tools, onPart: OnPart): Promise<Done> {
  const path = destinationOf(output as string)
  const draft = new Draft(path)
  try {
    const start = performance.now()
    onPart('reading')
    const image = await codec.decode(input)
    const decoded = performance.now()
    onPart('filtering')
    const result = await engine.apply(image, steps, { onProgress: (fraction) => onPart('filtering', fraction) })
    const filtered = performance.now()
    onPart('writing')
    await draft.commit(await codec.encode(result, path))
    const { width, height, channels, run } = result
    return { width, height, channels, run, readMilliseconds: decoded - start, writeMilliseconds: performance.now() - filtered }
  } finally {
    draft.discard()
  }
}

/** The backend and its time; and why, where it is not what was asked for. */
const runText = ({ backend, milliseconds, reason }: RunInfo): string =>
  `${backend} ${durationText(milliseconds)}${reason.includes('failed') ? ` (${reason})` : ''}`

function explainJob(job: Job, steps: readonly Step[], found: Explanation, asked: FilterFiles['backend'], report: Report): void {
  const { input, output, width, height, channels } = job
  const choice = asked === 'auto' ? { backend: found.backend, reason: found.reason } : { backend: asked, reason: 'asked for' }
  const passes = { wasm: found.wasm, webgpu: found.webgpu, reference: steps.map(({ filter }) => [filter.name]) }
  const rows = found.predictions.map(({ backend, predictedMs, reason }) => [
    backend,
    predictedMs === undefined ? '-' : `about ${durationText(predictedMs)}`,
    predictedMs === undefined ? 'does not run here' : plural(passes[backend].length, 'pass'),
    predictedMs === undefined ? (reason ?? '') : passes[backend].map((pass) => pass.join(' + ')).join(', then '),
  ])
  const text = [
    `${input}, ${sizeText(width, height, channels)}`,
    table(
      [
        ['steps', steps.map(stepText).join(' ') || 'none'],
        ['result', `${sizeText(found.width, found.height, found.channels)}${output === undefined ? '' : ` in ${output}`}`],
        ['backend', `${choice.backend} (${choice.reason})`],
      ],
      '  ',
    ),
    table(rows, '    '),
  ].join('\n')
  report.result(text, { input, ...(output === undefined ? {} : { output }), steps, ...found, ...choice })
}
