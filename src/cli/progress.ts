// A progress bar on stderr, where that is a terminal and the work is long.
import type { SingleBar } from 'cli-progress'

/** Work that is done before this much time has passed shows no bar. */
const DELAY_MS = 500
/** Parts of a file's work: what decoding and filtering come to; the rest is encoding. */
const PARTS = { reading: [0, 0.2], filtering: [0.2, 0.8], writing: [0.8, 1] } as const

export type Part = keyof typeof PARTS

export class Progress {
  readonly #bar: SingleBar | undefined
  /** How much of each file is done, from 0 to 1. */
  readonly #fractions: number[]
  readonly #start = performance.now()
  #running = false

  /** @param wanted Whether a bar may be shown at all. */
  static async open(files: number, wanted: boolean): Promise<Progress> {
    return new Progress(files, wanted && process.stderr.isTTY ? await makeBar() : undefined)
  }

  constructor(files: number, bar: SingleBar | undefined) {
    this.#fractions = new Array(files).fill(0)
    this.#bar = bar
    // The bar hides the cursor.
    if (bar !== undefined) process.once('exit', () => this.hide())
  }

  /** @param fraction How much of this part of this file is done, from 0 to 1. */
  show(index: number, file: string, part: Part, fraction = 0): void {
    const files = this.#fractions.length
    const [from, to] = PARTS[part]
    this.#fractions[index] = from + (to - from) * fraction
    if (this.#bar === undefined || performance.now() - this.#start < DELAY_MS) return
    const value = this.#fractions.reduce((sum, done) => sum + done, 0) / files
    const what = { file: files > 1 ? `${index + 1}/${files} ${file}` : file, part }
    if (this.#running) this.#bar.update(value, what)
    else this.#bar.start(1, value, what)
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
      format: '{bar} {percentage}%  {part} {file}',
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
