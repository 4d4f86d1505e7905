// Goals that isopix is measured by alone.
import type { Run } from '../report/run.js'
import type { RadiusData } from '../sections/radius.js'
import { type RooflineData, limitsIn } from '../sections/roofline.js'
import { SIZES_COPY, type SizesData } from '../sections/sizes.js'
import { type SmallData, overheadsOf } from '../sections/small.js'
import { type ThreadsData, gainsOf } from '../sections/threads.js'
import { type Finding, type Goal, everyRow, noRow } from './goal.js'

/** How much longer blurs and medians may take at any radius beyond this one. */
const FLAT_FROM = 16
const FLAT = 1.15
const KINDS = { 'box blur': 'box blur 5', 'gaussian, sigma = radius / 3': 'gaussian 10', median: 'median 21x21' }
const SIZES_WORKLOADS: Readonly<Record<string, string>> = { 'edges (4 steps)': 'chain: luminance, gaussian 2, sobel, threshold' }

function radiusFinding({ sections }: Run): Finding | undefined {
  const { samples = [] } = (sections['radius'] ?? {}) as Partial<RadiusData>
  const rows = Object.entries(KINDS).flatMap(([steps, workload]) => {
    const own = samples.filter(({ series }) => series === steps)
    const reference = own.find(({ at }) => at === FLAT_FROM)?.time.median
    return reference === undefined ? [] : [{ steps, workload, value: Math.max(...own.filter(({ at }) => at > FLAT_FROM).map(({ time }) => time.median)) / reference }]
  })
  return noRow(rows, FLAT)
}

function smallFinding({ sections }: Run): Finding | undefined {
  const { samples = [] } = (sections['small'] ?? {}) as Partial<SmallData>
  return noRow(overheadsOf(samples).map(({ series, milliseconds }) => ({ steps: series, value: 1000 * milliseconds })), 20)
}

/** The time of a pixel at most over that at least, among images of a megapixel and more. */
function sizesFinding({ sections }: Run): Finding | undefined {
  const { samples = [] } = (sections['sizes'] ?? {}) as Partial<SizesData>
  const large = samples.filter(({ at }) => at >= 1)
  const rows = [...new Set(large.map(({ series }) => series))].map((steps) => {
    const times = large.filter(({ series }) => series === steps).map(({ at, time }) => time.median / at)
    const workload = SIZES_WORKLOADS[steps]
    return { steps, ...(workload !== undefined && { workload }), value: Math.max(...times) / Math.min(...times) }
  })
  const finding = noRow(rows.filter(({ steps }) => steps !== SIZES_COPY), 1.15)
  if (finding === undefined) return undefined
  const copy = rows.find(({ steps }) => steps === SIZES_COPY)
  const beside = copy === undefined ? '' : `; copying as many bytes ${copy.value.toFixed(2)}`
  return { ...finding, found: `${finding.found}, up to ${Math.max(...large.map(({ at }) => at)).toFixed(0)} MP${beside}` }
}

function threadsFinding({ sections }: Run): Finding | undefined {
  const { samples = [] } = (sections['threads'] ?? {}) as Partial<ThreadsData>
  const roofline = sections['roofline'] as RooflineData | undefined
  if (roofline === undefined) return undefined
  const limits = limitsIn(roofline)
  const gains = gainsOf(samples).filter(({ series, at }) => at === 2 && limits.get(series)?.by === 'arithmetic')
  return everyRow(gains.map(({ series: steps, value }) => ({ steps, value })), 1.9)
}

export const ITSELF: readonly Goal[] = [
  { text: `blurs and medians that take at most ${FLAT} times as long at any radius beyond ${FLAT_FROM} as there`, judge: radiusFinding },
  { text: 'small images inline: a call takes at most 20 microseconds more than its kernels', judge: smallFinding },
  { text: 'from a megapixel on the time of a pixel stays within 1.15 times', judge: sizesFinding },
  { text: '1.9 times faster with two threads than with one where arithmetic is the limit', judge: threadsFinding },
]
