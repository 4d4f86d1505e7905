// Files through steps: some are read and some written while others are filtered.
import type { Engine } from '../engine.js'
import type { Result } from '../result.js'
import type { RunInfo } from '../run-info.js'
import { FileError } from '../errors.js'
import type { Step } from '../filters/define.js'
import type { Image } from '../image.js'
import { Lanes } from '../lanes.js'
import type { MapFailure, MapResult } from '../map.js'
import { Budget } from './budget.js'
import { Draft } from './drafts.js'
import { type Codec, type Header, withFile } from './files.js'
import { type Journal, type Stamp, stampOf } from './journal.js'
import type { Progress } from './progress.js'
import type { Report } from './report.js'
import { type Target, destinationOf } from './targets.js'
import { durationText, sizeText } from './text.js'

/** All pictures in memory have at most this many pixels, or there is only one: half a gigabyte with four channels. */
const MAX_PIXELS = 2 ** 27

/** An input that can be filtered, and where it goes. */
export interface Job extends Header, Target {}

export interface FilterTools {
  readonly engine: Engine
  readonly codec: Codec
  readonly report: Report
  readonly progress: Progress
  readonly journal: Journal | undefined
}

export interface FilterOptions {
  /** What happens to the other files when one fails. */
  readonly onError: 'stop' | 'skip'
  /** The most pictures in memory. */
  readonly concurrency: number
}

/** Filters files. Results and failures are reported in the order of the files, as soon as those before them are. */
export async function filterAll(
  jobs: readonly Job[],
  steps: readonly Step[],
  tools: FilterTools,
  { onError, concurrency }: FilterOptions,
): Promise<void> {
  const { engine, report, progress } = tools
  const pixels = new Budget(MAX_PIXELS)
  const works = jobs.map((job, index) => new Work(job, index, tools, pixels))
  // As many read and filtered as written; the picture that is handed over counts on both sides.
  const writers = Math.ceil(concurrency / 2)
  const filtered = engine.map(
    works.map((work) => (signal) => work.read(signal)),
    steps,
    {
      concurrency: concurrency + 1 - writers,
      ordered: false,
      onError: 'settle',
      onProgress: ({ index, fraction }) => progress.reach(index, 'filtering', fraction),
    },
  )
  const inOrder = new InOrder()
  const labelWidth = jobs.reduce((width, job) => Math.max(width, labelOf(job).length), 0)
  const finish = async ({ index, image, error }: MapResult<Result> | MapFailure, signal: AbortSignal): Promise<boolean> => {
    const work = works[index] as Work
    const { job } = work
    try {
      if (image === undefined) throw error
      const done = await work.write(image, signal)
      progress.done++
      inOrder.run(index, () => reportDone(job, done, labelWidth, tools))
      return true
    } catch (failure) {
      if (signal.aborted) return false
      progress.failed++
      const named = failure instanceof FileError ? failure : withFile(failure, job.input)
      inOrder.run(index, () => report.fail({ input: job.input, error: named }))
      return false
    } finally {
      work.release()
    }
  }
  const finished = new Lanes(filtered, (entry, _, signal) => finish(entry, signal), { lanes: writers, ordered: false })
  for await (const isDone of finished) if (!isDone && onError === 'stop') break
  inOrder.runRest()
  progress.hide()
}

interface Done {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly run: RunInfo
  readonly readMilliseconds: number
  readonly writeMilliseconds: number
}

/** One file on its way. */
class Work {
  readonly job: Job
  readonly #index: number
  readonly #tools: FilterTools
  readonly #pixels: Budget
  /** Of the input, before it was read. */
  #stamp: Stamp | undefined
  #readMilliseconds = 0
  #giveBack: (() => void) | undefined

  constructor(job: Job, index: number, tools: FilterTools, pixels: Budget) {
    this.job = job
    this.#index = index
    this.#tools = tools
    this.#pixels = pixels
  }

  async read(signal: AbortSignal): Promise<Image> {
    const { input, width, height } = this.job
    this.#giveBack = await this.#pixels.take(width * height)
    signal.throwIfAborted()
    const start = performance.now()
    this.#tools.progress.reach(this.#index, 'reading')
    this.#stamp = stampOf(input)
    const image = await this.#tools.codec.decode(input)
    this.#readMilliseconds = performance.now() - start
    return image
  }

  async write({ run, ...image }: Result, signal: AbortSignal): Promise<Done> {
    const { codec, progress, journal } = this.#tools
    const start = performance.now()
    progress.reach(this.#index, 'writing')
    const path = destinationOf(this.job.output)
    const bytes = await codec.encode(image, path)
    signal.throwIfAborted()
    const draft = new Draft(path)
    try {
      await draft.commit(bytes)
    } finally {
      draft.discard()
    }
    if (this.#stamp !== undefined) journal?.add(this.job, this.#stamp)
    progress.reach(this.#index, 'writing', 1)
    const { width, height, channels } = image
    return { width, height, channels, run, readMilliseconds: this.#readMilliseconds, writeMilliseconds: performance.now() - start }
  }

  /** The picture is no longer in memory. */
  release(): void {
    this.#giveBack?.()
  }
}

/** Runs tasks that come in any order in the order of their numbers. */
class InOrder {
  readonly #waiting = new Map<number, () => void>()
  #turn = 0

  run(index: number, task: () => void): void {
    this.#waiting.set(index, task)
    for (let next = this.#waiting.get(this.#turn); next !== undefined; next = this.#waiting.get(this.#turn)) {
      this.#waiting.delete(this.#turn++)
      next()
    }
  }

  /** Those before which one is missing. */
  runRest(): void {
    for (const [, task] of [...this.#waiting].sort(([a], [b]) => a - b)) task()
  }
}

function reportDone(job: Job, done: Done, labelWidth: number, { report, progress }: FilterTools): void {
  const { input, output, pages } = job
  const { width, height, channels, run } = done
  progress.hide()
  if (pages > 1) report.note(`${input}: only the first of its ${pages} pictures was filtered`)
  const text = `${labelOf(job).padEnd(labelWidth)}  ${sizeText(width, height, channels)}  ${runText(run)}`
  report.result(text, { input, output, ...(pages > 1 ? { pages } : {}), ...done })
}

const labelOf = ({ input, output }: Job): string => `${input} → ${output}`

/** The backend and its time; and why, where it is not what was asked for. */
const runText = ({ backend, milliseconds, reason }: RunInfo): string =>
  `${backend} ${durationText(milliseconds)}${/^\w+ failed /.test(reason) ? ` (${reason})` : ''}`
