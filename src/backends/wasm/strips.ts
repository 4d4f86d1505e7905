import { type Rows, rowsSeen } from '../../border.js'
import { rowsNeeded } from '../../plan.js'
import { costOf } from '../../stage.js'
import { type Phase, type PhaseStage } from './phases.js'

/** Strips for each thread: enough to share work evenly, few enough that overlaps cost little. */
const STRIPS_PER_THREAD = 4
const MIN_STRIP_ROWS = 16
/** The work of a strip, some milliseconds: a job that is more urgent waits for no more than that. */
const MAX_STRIP_WORK = 1_500_000

/** Look-ups of a pixel that a phase takes. */
export const workOf = ({ stages }: Phase): number => stages.reduce((sum, { stage, shape }) => sum + costOf(stage, shape), 0)

/** Rows that a phase makes. */
export const rowsOf = ({ stages }: Phase): number => (stages.at(-1) as PhaseStage).shape.height

/**
 * Rows of a strip: some strips for each thread, but not so thin that most of a strip is its halo. Where such a strip
 * would keep others waiting, it is thinner, down to its halo.
 */
export function stripRows(phase: Phase, threads: number): number {
  const rows = rowsOf(phase)
  const halo = phase.stages.reduce((sum, { stage: { rows: window } }) => sum + (window === undefined || window.starts ? 0 : window.taps - 1), 0)
  const fair = Math.ceil(rows / (threads * STRIPS_PER_THREAD))
  const short = Math.ceil((rows * MAX_STRIP_WORK) / workOf(phase))
  const wanted = Math.max(halo, Math.min(short, Math.max(MIN_STRIP_ROWS, fair, 2 * halo)))
  // As many strips for one thread as for another.
  const rounds = Math.max(1, Math.floor(Math.ceil(rows / wanted) / threads))
  return Math.ceil(rows / (rounds * threads))
}

/** The rows of every image that rows y0 to y1 - 1 of a phase are made from, by the image's node. */
export function rowsRead({ stages }: Phase, y0: number, y1: number): ReadonlyMap<number, Rows> {
  const needed: (Rows | undefined)[] = []
  const need = (index: number, rows: Rows): void => {
    const known = needed[index]
    needed[index] = known === undefined ? rows : { from: Math.min(known.from, rows.from), to: Math.max(known.to, rows.to) }
  }
  need(stages.length - 1, { from: y0, to: y1 })
  for (let index = stages.length - 1; index >= 0; index--) {
    const { stage, input, join } = stages[index] as PhaseStage
    const rows = needed[index]
    if (input < 0 || rows === undefined) continue
    const { from, to } = rowsNeeded({ stage }, rows.from, rows.to)
    need(input, rowsSeen(from, to, (stages[input] as PhaseStage).shape.height, stage.border))
    if (join >= 0) need(join, rows)
  }
  return new Map(stages.flatMap(({ input, node }, index) => (input < 0 && needed[index] !== undefined ? [[node, needed[index]]] : [])))
}
