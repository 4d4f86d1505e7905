// What was done before: a line for each result, in a file of the output folder.
import { createHash } from 'node:crypto'
import { appendFileSync, readFileSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { FileError } from '../errors.js'
import type { Step } from '../filters/define.js'
import { Draft } from './drafts.js'
import type { Target } from './targets.js'

const FILE = '.isopix.jsonl'

/** A file's size, and when it was changed, in milliseconds. */
export interface Stamp {
  readonly bytes: number
  readonly modified: number
}

/** A line. Paths are relative to the folder, so that it may move together with the inputs. */
interface Entry {
  readonly output: string
  /** Of the output. */
  readonly bytes: number
  readonly input: string
  readonly inputBytes: number
  readonly inputModified: number
  readonly recipe: string
}

const TEXTS = ['output', 'input', 'recipe']
const NUMBERS = ['bytes', 'inputBytes', 'inputModified']

/** Everything but the input that a result's bytes depend on, as a hash. */
export function recipeOf(steps: readonly Step[], ...versions: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify([versions, steps])).digest('hex').slice(0, 32)
}

export class Journal {
  readonly #folder: string
  readonly #recipe: string
  readonly #entries: ReadonlyMap<string, Entry>

  /**
   * Opens a folder's journal, which may be missing. A line that is damaged or was cut off counts as none: what it was
   * about is done again.
   * @throws FileError where there is one that cannot be read or written.
   */
  static async open(folder: string, recipe: string): Promise<Journal> {
    const path = join(folder, FILE)
    const text = read(path)
    const lines = text.split('\n').filter((line) => line !== '')
    const entries = new Map(lines.flatMap((line) => parse(line) ?? []).map((entry) => [entry.output, entry]))
    // Each run adds lines; those that count no more go when they are many, or when the next would be glued to the last.
    if (lines.length > 2 * entries.size || !/(^|\n)$/.test(text)) {
      const draft = new Draft(path)
      try {
        await draft.commit(Buffer.from([...entries.values()].map(lineOf).join('')))
      } finally {
        draft.discard()
      }
    }
    return new Journal(folder, recipe, entries)
  }

  private constructor(folder: string, recipe: string, entries: ReadonlyMap<string, Entry>) {
    this.#folder = folder
    this.#recipe = recipe
    this.#entries = entries
  }

  /** Whether a result is there as it was written, and would be made of the same input by the same steps again. */
  has({ input, output }: Target): boolean {
    const entry = this.#entries.get(this.#name(output))
    if (entry === undefined || entry.recipe !== this.#recipe || entry.input !== this.#name(input)) return false
    const now = stampOf(input)
    return now?.bytes === entry.inputBytes && now.modified === entry.inputModified && stampOf(output)?.bytes === entry.bytes
  }

  /**
   * Notes that a result is there, whole.
   * @param stamp Of the input, before it was read.
   */
  add({ input, output }: Target, stamp: Stamp): void {
    const bytes = stampOf(output)?.bytes
    if (bytes === undefined) return
    const entry = {
      output: this.#name(output),
      bytes,
      input: this.#name(input),
      inputBytes: stamp.bytes,
      inputModified: stamp.modified,
      recipe: this.#recipe,
    }
    try {
      appendFileSync(join(this.#folder, FILE), lineOf(entry))
    } catch (error) {
      throw unusable(join(this.#folder, FILE), error)
    }
  }

  #name(path: string): string {
    return relative(resolve(this.#folder), resolve(path))
  }
}

/** A file's stamp; undefined where there is none. */
export function stampOf(path: string): Stamp | undefined {
  try {
    const { size, mtimeMs } = statSync(path)
    return { bytes: size, modified: mtimeMs }
  } catch {
    return undefined
  }
}

const lineOf = (entry: Entry): string => `${JSON.stringify(entry)}\n`

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code as string)) return ''
    throw unusable(path, error)
  }
}

function parse(line: string): Entry | undefined {
  try {
    const entry = JSON.parse(line) as Record<string, unknown> | null
    const isGood = TEXTS.every((name) => typeof entry?.[name] === 'string') && NUMBERS.every((name) => typeof entry?.[name] === 'number')
    return isGood ? (entry as unknown as Entry) : undefined
  } catch {
    return undefined
  }
}

function unusable(path: string, error: unknown): FileError {
  return new FileError(`${path}: what was done cannot be noted here: ${(error as Error).message}`, { cause: error })
}
