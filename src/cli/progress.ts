// A progress bar on stderr, where that is a terminal and the work is long.
import type { SingleBar } from 'cli-progress'
import { countdownText, rateText } from './text.js'

/** Work that is done before this much time has passed shows no bar. */
const DELAY_MS = 500

export class Bar {
  readonly #bar: SingleBar | undefined
  readonly #start = performance.now()
  #running = false

  /** @param wanted Whether a bar may be shown at all. */
  static async open(wanted: boolean): Promise<Bar> {
    return new Bar(wanted && process.stderr.isTTY ? await makeBar() : undefined)
  }

  constructor(bar: SingleBar | undefined) {
    this.#bar = bar
    // The bar hides the cursor.
    if (bar !== undefined) process.once('exit', () => this.hide())
  }

  /** @param fraction How much is done, from 0 to 1. */
  show(fraction: number, text: string): void {
    if (this.#bar === undefined || performance.now() - this.#start < DELAY_MS) return
    if (this.#running) this.#bar.update(fraction, { text })
    else this.#bar.start(1, fraction, { text })
    this.#running = true
  }

  /** Takes the bar away, so that something else can be printed. */
  hide(): void {
    if (this.#running) this.#bar?.stop()
    this.#running = false
  }
}

/** The bar, or undefined where its package is not installed: it is not worth an error. */
async function makeBar(): Promise<SingleBar | undefined> {
  try {
    const { default: progress } = await import('cli-progress')
    return new progress.SingleBar({
      format: '{bar} {percentage}%  {text}',
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 30,
      hideCursor: true,
      clearOnComplete: true,
      gracefulExit: false,
      stream: process.stderr,
    })
  } catch {
    return undefined
  }
}

/** Parts of a file's work: what decoding and filtering come to; the rest is encoding. */
const PARTS = { reading: [0, 0.2], filtering: [0.2, 0.8], writing: [0.8, 1] } as const

export type Part = keyof typeof PARTS

interface FileSize {
  readonly input: string
  readonly pixels: number
}

/** How far files are, by their pixels, and what a bar says about it. */
export class Progress {
  /** Files that are written, and those that failed. */
  done = 0
  failed: number
  readonly #bar: Bar
  readonly #files: readonly FileSize[]
  readonly #pixels: number
  /** Pixels of each file that are done, and their sum. */
  readonly #reached: number[]
  #sum = 0
  readonly #start = performance.now()

  /** @param failed Files that failed before. */
  constructor(bar: Bar, files: readonly { readonly input: string; readonly width: number; readonly height: number }[], failed: number) {
    this.#bar = bar
    this.failed = failed
    this.#files = files.map(({ input, width, height }) => ({ input, pixels: width * height }))
    this.#pixels = this.#files.reduce((sum, { pixels }) => sum + pixels, 0)
    this.#reached = files.map(() => 0)
  }

  /** Since the start. */
  get milliseconds(): number {
    return performance.now() - this.#start
  }

  /** @param fraction How much of this part of this file is done, from 0 to 1. */
  reach(index: number, part: Part, fraction = 0): void {
    const { input, pixels } = this.#files[index] as FileSize
    const [from, to] = PARTS[part]
    const reached = (from + (to - from) * fraction) * pixels
    this.#sum += reached - (this.#reached[index] as number)
    this.#reached[index] = reached
    const value = this.#sum / this.#pixels
    this.#bar.show(value, this.#files.length === 1 ? `${part} ${input}` : this.#summary(value))
  }

  /** Takes the bar away, so that something else can be printed. */
  hide(): void {
    this.#bar.hide()
  }

  #summary(value: number): string {
    const left = value === 0 ? Number.POSITIVE_INFINITY : (this.milliseconds * (1 - value)) / value
    const failed = this.failed === 0 ? '' : `${this.failed} failed`
    const count = `${this.done}/${this.#files.length} files`
    const parts = [count, rateText(this.done, this.milliseconds), countdownText(left), failed]
    return parts.filter((part) => part !== '').join('  ')
  }
}
