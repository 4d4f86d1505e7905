import { COUNTS, type Reduction, type Stage } from '../stage.js'

const LEVELS = 256
/** What assembly/kernels/histogram.ts keeps: four counters for each level, and one for each pair of bytes. */
const stateBytesOf = (channels: number): number => 16 + 4 * channels * LEVELS * 4 + 2 ** 16 * 4

/** The stage that counts the levels of every channel but alpha, and makes a table of that. */
export function histogramStage(channels: number, reduction: Omit<Reduction, 'size'>): Stage {
  return {
    kernel: 'histogram',
    kind: 'reduce',
    params: { counts: COUNTS },
    stateBytes: stateBytesOf(channels),
    reduce: { size: channels * LEVELS, ...reduction },
    work: 1.1,
  }
}
