// The arithmetic that a plan has to do, in SIMD instructions of 128 bits: by hand for 16 values that a stage makes, by the best
// method that is known to us. Loads, stores and shuffles are not counted: they have units of their own.
import type { Plan } from '../../src/plan.js'
import type { Slot, Stage } from '../../src/stage.js'

/** Sums of products with 16-bit weights, two at a time, in 32 bits; then shifted and packed. */
const weighted = (taps: number): number => 4 * 2 * Math.ceil(taps / 2) + 4 + 3
/** The same, where pairs of taps have one weight and are added first. */
const symmetric = (radius: number): number => 2 * radius + weighted(radius + 1)
const numberOf = (slot: Slot | undefined): number => (typeof slot === 'number' ? slot : 0)
const radiusOf = ({ params }: Stage): number => numberOf(params?.['radius'])
const tapsOf = ({ params }: Stage): number => numberOf(params?.['taps'])

const COUNTS: Readonly<Record<string, (stage: Stage) => number>> = {
  copy: () => 0,
  flop: () => 0,
  rotate90: () => 0,
  resize_nearest: () => 0,
  // A place for every two values.
  lut: () => 8,
  line: lineInstructions,
  solarize: () => 3,
  // 2 parts, 8 products, 8 sums, 4 shifts and 3 packings.
  color_matrix: () => 25,
  // Of 64 bytes: 8 parts, 8 products, 8 sums, 4 shifts, 3 packings.
  luminance: () => 31,
  premultiply: () => 8,
  unpremultiply: () => 24,
  // A row enters the sums and another leaves them, in 32 bits.
  box_blur_y: () => 12,
  box_blur_x: () => 8 + 12 + 3,
  box_blur_alpha_y: () => 20,
  box_blur_alpha_x: () => 8 + 24 + 3,
  gaussian_blur_y: (stage) => symmetric(radiusOf(stage)),
  gaussian_blur_x: (stage) => symmetric(radiusOf(stage)),
  // 8 sums and shifts of 8 values.
  halve_y: () => 16,
  halve_x: () => 16,
  double_y: () => 9,
  double_x: () => 9,
  convolve: ({ params }) => weighted(params?.['weights'] instanceof Int16Array ? params['weights'].filter((w) => w !== 0).length : 0),
  // Both gradients, their squares, a square root in floating point.
  sobel: ({ params }) => (params?.['output'] === 0 ? 20 + 8 + 12 + 3 : 12),
  // The difference, a product, the sum.
  unsharp_mask: () => 4 + 2 + 8 + 4 + 3,
  // Least and greatest of two are an instruction each; columns are sorted once for their three or five neighbours.
  median_3x3: () => 18,
  median_5x5: () => 98,
  // Column by column: 16 coarse counters and 16 fine ones enter and leave, 8 in a vector; then those above the middle are found.
  median: () => 16 * 12,
  erode_small: (stage) => 2 * (radiusOf(stage) + 1),
  dilate_small: (stage) => 2 * (radiusOf(stage) + 1),
  erode_y: () => 3,
  erode_x: () => 3,
  dilate_y: () => 3,
  dilate_x: () => 3,
  // One counter for each value; no SIMD helps.
  histogram: () => 16,
  // An axis that bilinear halves: 7 sums and shifts of 8 values, and what makes bytes of the rows' sums.
  resize_y: (stage) => (isHalving(stage) ? 14 : weighted(tapsOf(stage))),
  resize_x: (stage) => (isHalving(stage) ? 14 + 5 : weighted(tapsOf(stage))),
  // Of 64 values: 8 sums of neighbours, 4 sums of rows, 4 shifts, 2 packings.
  resize_half: () => 18,
}

/** Whether the second place weighs four taps as 1, 3, 3 and 1 (assembly/kernels/resize.ts). */
function isHalving({ params }: Stage): boolean {
  const weights = params?.['weights']
  return params?.['taps'] === 4 && weights instanceof Int16Array && `${weights.subarray(4, 8)}` === '4096,12288,12288,4096'
}

/** An inversion or a step is one instruction; another line is widened, multiplied, added, shifted and packed. */
function lineInstructions({ params }: Stage): number {
  return numberOf(params?.['shift']) === 0 ? 1 : 4 + 4 + 4 + 4 + 3
}

/** Instructions for all stages of a plan; undefined where one of them was never counted. */
export function instructionsOf({ nodes }: Plan): number | undefined {
  let sum = 0
  for (const { stage, shape } of nodes.slice(1)) {
    const count = COUNTS[stage.kernel]
    if (count === undefined) return undefined
    sum += (count(stage) * shape.width * shape.height * shape.channels) / 16
  }
  return sum
}
