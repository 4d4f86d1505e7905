import type { Run } from '../report/run.js'

/** What the project wants of its speed, and how a run of the benchmark tells whether it has it. */
export interface Goal {
  readonly text: string
  /** Undefined where the run did not measure what it takes. */
  judge(run: Run): Finding | undefined
}

export interface Finding {
  /** The figure that counts, in words. */
  readonly found: string
  readonly met: boolean
  /** What falls short by itself, the furthest first. */
  readonly misses: readonly Miss[]
}

export interface Miss {
  readonly steps: string
  /** The workload of which the limits say how far it is from them, where it has another name. */
  readonly workload?: string
  readonly found: string
}

interface Row extends Omit<Miss, 'found'> {
  readonly value: number
}

const missesOf = (rows: readonly Row[]): readonly Miss[] => rows.map(({ steps, workload, value }) => ({ steps, found: value.toFixed(2), ...(workload !== undefined && { workload }) }))

/** A goal that every row has to meet: `least` is what each value has to reach. */
export function everyRow(rows: readonly Row[], least: number): Finding | undefined {
  if (rows.length === 0) return undefined
  const short = rows.filter(({ value }) => value < least).sort((a, b) => a.value - b.value)
  return { found: `${rows.length - short.length} of ${rows.length}`, met: short.length === 0, misses: missesOf(short) }
}

/** A goal that no row may exceed. */
export function noRow(rows: readonly Row[], most: number): Finding | undefined {
  if (rows.length === 0) return undefined
  const beyond = rows.filter(({ value }) => value > most).sort((a, b) => b.value - a.value)
  return { found: `at most ${Math.max(...rows.map(({ value }) => value)).toFixed(2)}`, met: beyond.length === 0, misses: missesOf(beyond) }
}
