// Goals beside other libraries: all of them are ratios of the section of peers.
import { geometricMean } from '../report/text.js'
import type { Run } from '../report/run.js'
import type { CopiesData } from '../sections/copies.js'
import type { PeersData } from '../sections/peers.js'
import { type Finding, type Goal, everyRow } from './goal.js'

interface Ratio {
  readonly steps: string
  readonly theirs: number
  readonly peer: string
  /** How many times faster isopix is. */
  readonly value: number
}

/** The others in JavaScript, on the processor: neither native code beside which there is a goal of its own, nor on a GPU. */
const isOther = (peer: string): boolean => peer !== 'opencv' && peer !== 'sharp' && !peer.startsWith('gpu.js')
const isChain = ({ steps }: Ratio): boolean => steps.startsWith('chain: ')

function ratiosOf({ sections }: Run, isWanted: (peer: string) => boolean): readonly Ratio[] {
  const { rows = [] } = (sections['peers'] ?? {}) as Partial<PeersData>
  return rows.flatMap(({ peer, workload: steps, pair }) => (pair === undefined || !isWanted(peer) ? [] : [{ steps, peer, value: pair.ratio.median, theirs: pair.theirs.median }]))
}

const of = (name: string) => (run: Run): readonly Ratio[] => ratiosOf(run, (peer) => peer === name)

/** Of the others, the one that comes nearest at each kind of steps. */
function nearestOthers(run: Run): readonly Ratio[] {
  const all = ratiosOf(run, isOther)
  return [...new Set(all.map(({ steps }) => steps))].map((steps) => all.filter((one) => one.steps === steps).reduce((a, b) => (b.value < a.value ? b : a)))
}

function mean(ratios: readonly Ratio[], least: number): Finding | undefined {
  if (ratios.length === 0) return undefined
  const value = geometricMean(ratios.map((one) => one.value))
  return { found: `${value.toFixed(2)} times`, met: value >= least, misses: [] }
}

/** How many rows are told that hold a mean down. */
const LOWEST = 8

/** A mean beside peers of which no row has a goal of its own: where it is missed the lowest rows are told. */
function meanWithLowest(ratios: readonly Ratio[], least: number): Finding | undefined {
  const finding = mean(ratios, least)
  if (finding === undefined || finding.met) return finding
  const lowest = [...ratios].sort((a, b) => a.value - b.value).slice(0, LOWEST)
  return { ...finding, misses: lowest.map(({ steps, value, peer }) => ({ steps, found: `${value.toFixed(2)}, ${peer}` })) }
}

const opencv = of('opencv')
const sharp = of('sharp')

/** What is slower than sharp, and what would be left of that if the copies of ordinary buffers were all that there is to do. */
function noneSlowerThanSharp(run: Run): Finding | undefined {
  const ratios = sharp(run)
  const finding = everyRow(ratios, 1)
  const { rows = [] } = (run.sections['copies'] ?? {}) as Partial<CopiesData>
  const withCopies = finding?.misses.map(({ steps, found }) => {
    const copied = rows.find(({ name }) => name === steps)
    if (copied === undefined) return { steps, found }
    const { theirs = 0 } = ratios.find((one) => one.steps === steps) ?? {}
    return { steps, found: `${found}; ${(theirs / (copied.copyIn.median + copied.copyOut.median)).toFixed(2)} if it only copied in and out` }
  })
  return finding === undefined ? undefined : { ...finding, misses: withCopies ?? [] }
}

export const BESIDE_OTHERS: readonly Goal[] = [
  { text: '1.5 times faster than native OpenCV over the geometric mean; as many threads, resident images', judge: (run) => mean(opencv(run).filter((one) => !isChain(one)), 1.5) },
  { text: 'no filter slower than native OpenCV', judge: (run) => everyRow(opencv(run).filter((one) => !isChain(one)), 1) },
  { text: 'chains twice as fast as native OpenCV', judge: (run) => everyRow(opencv(run).filter(isChain), 2) },
  { text: 'a median of 21x21 faster than native OpenCV\'s', judge: (run) => everyRow(opencv(run).filter(({ steps }) => steps === 'median 21x21'), 1) },
  { text: '4 times faster than sharp over the geometric mean; ordinary buffers', judge: (run) => mean(sharp(run), 4) },
  { text: 'no filter slower than sharp', judge: noneSlowerThanSharp },
  { text: '8 times faster than the fastest of the other libraries in JavaScript over the geometric mean', judge: (run) => meanWithLowest(nearestOthers(run), 8) },
  {
    text: 'Lanczos at least as fast as in the fastest library that has it',
    judge: (run) => everyRow(ratiosOf(run, () => true).filter(({ steps }) => steps.endsWith('lanczos')).map(({ steps, peer, value }) => ({ steps: `${steps}, ${peer}`, value })), 1),
  },
  { text: '3 times faster than the webgpu mode of gpu.js on the same GPU over the geometric mean', judge: (run) => meanWithLowest(of('gpu.js webgpu')(run), 3) },
]
