import { integer } from '../params.js'
import type { Stage } from '../stage.js'
import { type Context, defineFilter } from './define.js'
import { upsideDown } from './flip.js'
import { rearranged } from './maths.js'

/** What a worker may keep of the result, unless a square of its rows is larger. */
const BLOCK_BYTES = 2 ** 22
/** Squares side by side that the wasm kernel reads together, 16 bytes each. */
const MAX_SQUARES = 16

/** Quarter turns: columns become rows. */
function quarter(turns: 1 | 3, { width, height, channels }: Context): Stage {
  // The rows that the wasm kernel makes at once begin an odd number of cache lines after each other, so that they do
  // not share their cache sets.
  const strideBytes = 128 * Math.ceil((height * channels) / 128) + 64
  const square = 16 / channels
  const squares = Math.min(MAX_SQUARES, Math.ceil(width / square), Math.max(1, Math.floor(BLOCK_BYTES / (square * strideBytes))))
  const blockRows = square * squares
  return {
    kernel: 'rotate90',
    kind: 'window',
    shape: { width: height, height: width },
    wholeInput: true,
    params: { turns, blockRows, strideBytes },
    stateBytes: 64 + blockRows * strideBytes,
    work: 0.35,
  }
}

export const rotate90 = defineFilter({
  name: 'rotate90',
  summary: 'Turn clockwise by quarter turns.',
  params: {
    turns: integer({ default: 1, min: 1, max: 3, summary: 'Quarter turns, clockwise.' }),
  },
  shape: ({ turns }, { width, height }) => (turns === 2 ? {} : { width: height, height: width }),
  stages: ({ turns }, context) =>
    turns === 2
      ? [{ kernel: 'flop', kind: 'window', ...upsideDown(context.height), work: 0.2 }]
      : [quarter(turns as 1 | 3, context)],
  reference(image, { turns }) {
    const { width, height } = image
    if (turns === 2) return rearranged(image, width, height, (x, y) => [width - 1 - x, height - 1 - y])
    return rearranged(image, height, width, (x, y) => (turns === 1 ? [y, height - 1 - x] : [width - 1 - y, x]))
  },
  cases: [{ turns: 2 }, { turns: 3 }],
})
