import { integer } from '../params.js'
import type { Stage } from '../stage.js'
import { type Context, defineFilter } from './define.js'
import { upsideDown } from './flip.js'
import { rearranged } from './maths.js'

/** Quarter turns: columns become rows. */
function quarter(turns: 1 | 3, { width, height, channels }: Context): Stage {
  // The wasm kernel makes as many rows at once as a cache line of the input holds pixels. Each begins an odd number
  // of cache lines after the one before, so that no two share their cache sets.
  const square = 16 / channels
  const rows = Math.min(4, Math.ceil(width / square)) * square
  const strideBytes = 128 * Math.ceil((height * channels) / 128) + 64
  return {
    kernel: 'rotate90',
    kind: 'window',
    shape: { width: height, height: width },
    wholeInput: true,
    params: { turns, strideBytes },
    stateBytes: 64 + rows * strideBytes,
    work: 1.5,
  }
}

export const rotate90 = defineFilter({
  name: 'rotate90',
  summary: 'Turn clockwise by quarter turns.',
  params: {
    turns: integer({ default: 1, min: 1, max: 3, summary: 'Quarter turns, clockwise.' }),
  },
  stages: ({ turns }, context) =>
    turns === 2
      ? [{ kernel: 'flop', kind: 'window', ...upsideDown(context.height), work: 0.5 }]
      : [quarter(turns as 1 | 3, context)],
  reference(image, { turns }) {
    const { width, height } = image
    if (turns === 2) return rearranged(image, width, height, (x, y) => [width - 1 - x, height - 1 - y])
    return rearranged(image, height, width, (x, y) => (turns === 1 ? [y, height - 1 - x] : [width - 1 - y, x]))
  },
  cases: [{ turns: 2 }, { turns: 3 }],
})
