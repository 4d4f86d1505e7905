// How often each level occurs in the result, with the picture before it as a grey shape behind.
import type { State } from '../state.js'
import type { Histogram } from '../studio/histogram.js'
import { byId, setAttribute, setText, svg } from './dom.js'

const HEIGHT = 100
/** Taller bars are cut off: one level alone, as after a threshold, would flatten all others. */
const TALLEST = 0.985
const NAMES = ['red', 'green', 'blue']

export function histogramView(): (state: State) => void {
  const plot = byId<SVGSVGElement>('histogram')
  const behind = svg('path', { class: 'level before' })
  const channels = NAMES.map((name) => svg('path', { class: `level ${name}` }))
  plot.append(behind, ...channels)
  let [drawnBefore, drawnAfter]: (Histogram | undefined)[] = []

  return ({ picture, result }) => {
    const [before, after] = [picture?.histogram, result?.histogram]
    if (before === drawnBefore && after === drawnAfter) return
    ;[drawnBefore, drawnAfter] = [before, after]
    if (before !== undefined) behind.setAttribute('d', shapeOf(meanOf(before)))
    if (after === undefined) {
      for (const path of channels) path.setAttribute('d', '')
      return
    }
    const grey = after.counts.length === 1
    const top = Math.max(...after.counts.map(heightOf))
    channels.forEach((path, index) => path.setAttribute('d', grey && index > 0 ? '' : shapeOf(after.counts[index] as Uint32Array, top)))
    setAttribute(plot, 'data-grey', grey)
    const means = `Mean level ${after.mean.toFixed(0)}${before === undefined ? '' : `, before ${before.mean.toFixed(0)}`}`
    plot.setAttribute('aria-label', `Histogram of the result. ${means}`)
    setText(byId('histogram-note'), after.every > 1 ? `${means}. One pixel in ${after.every} counted.` : `${means}.`)
  }
}

function meanOf({ counts }: Histogram): Uint32Array {
  return (counts[0] as Uint32Array).map((_, level) => counts.reduce((sum, levels) => sum + (levels[level] as number), 0))
}

const heightOf = (counts: Uint32Array): number => [...counts].sort((a, b) => a - b)[Math.floor(255 * TALLEST)] || Math.max(...counts) || 1

/** A filled shape; heights are roots, so that rare levels show. */
function shapeOf(counts: Uint32Array, top = heightOf(counts)): string {
  const points = Array.from(counts, (count, level) => {
    const y = HEIGHT * (1 - Math.sqrt(Math.min(1, count / top)))
    return `H${level}V${y.toFixed(1)}`
  })
  return `M0 ${HEIGHT}${points.join('')}H256V${HEIGHT}Z`
}
