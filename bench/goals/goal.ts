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
  /** The name of a workload, where it is one. */
  readonly steps: string
  readonly found: string
}

/** A goal that one mean or one figure decides. */
export const figure = (value: number, met: boolean, unit = ''): Finding => ({ found: `${value.toFixed(2)}${unit}`, met, misses: [] })

/** A goal that every row has to meet: `least` is what each value has to reach. */
export function everyRow(rows: readonly { readonly steps: string; readonly value: number }[], least: number): Finding | undefined {
  if (rows.length === 0) return undefined
  const misses = rows.filter(({ value }) => value < least).sort((a, b) => a.value - b.value)
  return {
    found: `${rows.length - misses.length} of ${rows.length}`,
    met: misses.length === 0,
    misses: misses.map(({ steps, value }) => ({ steps, found: value.toFixed(2) })),
  }
}

/** A goal that no row may exceed. */
export function noRow(rows: readonly { readonly steps: string; readonly value: number }[], most: number): Finding | undefined {
  if (rows.length === 0) return undefined
  const misses = rows.filter(({ value }) => value > most).sort((a, b) => b.value - a.value)
  return {
    found: `at most ${Math.max(...rows.map(({ value }) => value)).toFixed(2)}`,
    met: misses.length === 0,
    misses: misses.map(({ steps, value }) => ({ steps, found: value.toFixed(2) })),
  }
}
