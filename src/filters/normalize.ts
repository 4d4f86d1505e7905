import type { Image } from '../image.js'
import { number } from '../params.js'
import { lookUp } from './curve.js'
import { defineFilter } from './define.js'
import { histogramStage } from './histogram.js'
import { luminance, lumaWeights } from './luminance.js'
import { clamp, mapColour, round } from './maths.js'

const LEVELS = 256
/** Percentages are whole thousandths of a percent. */
const WHOLE = 100_000

const thousandths = (percent: number): number => round(percent * 1000)

interface Ends {
  readonly lower: number
  readonly upper: number
}

/**
 * How each level is stretched: `lo` is the largest level with at most `lower` percent of all pixels below it, `hi`
 * the smallest with at most 100 - `upper` percent above it; they become 0 and 255.
 */
function stretch(counts: ArrayLike<number>, { lower, upper }: Ends): (level: number) => number {
  const pixels = Array.from(counts).reduce((a, b) => a + b, 0)
  // Products stay below 2^49, and quotients below 2^32 are at least 1 / WHOLE from the next integer: exact.
  const mayBeBelow = Math.floor((thousandths(lower) * pixels) / WHOLE)
  const mayBeAbove = Math.floor(((WHOLE - thousandths(upper)) * pixels) / WHOLE)
  let lo = 0
  for (let below = counts[0] as number; below <= mayBeBelow; below += counts[lo] as number) lo++
  let hi = LEVELS - 1
  for (let above = counts[hi] as number; above <= mayBeAbove; above += counts[hi] as number) hi--
  return (level) => (hi > lo ? clamp(round(((level - lo) * 255) / (hi - lo))) : level)
}

/** The same table for every colour channel; alpha keeps its levels. */
function stretchedTable(counts: Uint32Array, ends: Ends, channels: number): Uint8Array {
  const stretched = stretch(counts, ends)
  return new Uint8Array(channels * LEVELS).map((_, i) => (i < 3 * LEVELS ? stretched(i % LEVELS) : i % LEVELS))
}

function luminanceOf(image: Image): Image {
  const { definition } = luminance
  return definition.reference(image, { weights: 'bt709' })
}

export const normalize = defineFilter({
  name: 'normalize',
  summary: 'Stretch the levels so that the luminance fills the range from black to white. Alpha is copied.',
  details:
    'Of the luminances of all pixels (bt709; the levels themselves where there is 1 channel), lo is the largest with at most ' +
    '`lower` percent of the pixels below it, hi the smallest with at most 100 - `upper` percent above it. Each colour level c ' +
    'becomes (c - lo) * 255 / (hi - lo), and stays c where hi is not above lo. Percentages are rounded to thousandths.',
  params: {
    lower: number({ default: 1, min: 0, max: 99, unit: '%', summary: 'How many of the darkest pixels may become black.' }),
    upper: number({ default: 99, min: 1, max: 100, unit: '%', summary: 'How many of the pixels are not to become white.' }),
  },
  check({ lower, upper }) {
    return lower < upper ? undefined : `expected lower to be less than upper, got ${lower} and ${upper}`
  },
  stages(ends, { channels }) {
    const toOne = channels === 1 ? [] : [
      { kernel: 'luminance', kind: 'point', shape: { channels: 1 }, params: { weights: lumaWeights('bt709') }, work: 0.15 } as const,
    ]
    return [
      ...toOne,
      histogramStage(1, {
        table: (counts) => stretchedTable(counts, ends, channels),
        tableSize: channels * LEVELS,
        shader: 'normalize_table',
        params: [thousandths(ends.lower), thousandths(ends.upper)],
      }),
      { ...lookUp({ reduction: toOne.length }, channels), input: -1 },
    ]
  },
  reference(image, ends) {
    const counts = new Array<number>(LEVELS).fill(0)
    for (const level of luminanceOf(image).data) counts[level]!++
    return mapColour(image, stretch(counts, ends))
  },
  cases: [{ lower: 0, upper: 100 }, { lower: 10.125, upper: 60 }, { lower: 98, upper: 99 }],
})
