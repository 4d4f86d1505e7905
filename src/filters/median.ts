import { mapIndex } from '../border.js'
import { borderParams, integer } from '../params.js'
import type { Stage } from '../stage.js'
import { type Context, defineFilter } from './define.js'
import { blank } from './maths.js'
import { opaqueBorder } from './premultiplied.js'
import { PATCH_BYTES, RANK_BYTES, WINDOW_BYTES } from './state.js'

/** Windows of 3x3 and 5x5 have kernels of their own. */
const SMALL = ['median_3x3', 'median_5x5']

export const median = defineFilter({
  name: 'median',
  summary: 'The middle value of a square window, of every channel: removes specks and keeps edges.',
  details:
    'The median of (2 * radius + 1)^2 values, alpha included; it is one of them, so that nothing is rounded. Radii 1 and 2 are fast; ' +
    'beyond, the time on the CPU does not grow with the radius.',
  params: {
    radius: integer({ default: 1, min: 1, max: 50, unit: 'px', summary: 'The window has 2 * radius + 1 pixels each way.' }),
    ...borderParams,
  },
  keepsOpaque: ({ border, fill }) => opaqueBorder(border, fill),
  stages({ radius, border, fill }, context): readonly Stage[] {
    const kernel = SMALL[radius - 1]
    const common = { kind: 'window', columns: { left: radius, right: radius }, border, fill } as const
    if (kernel !== undefined) {
      const rows = { taps: 2 * radius + 1, offset: -radius }
      return [{ ...common, ownEdges: true, kernel, rows, stateBytes: SMALL_STATE_BYTES, work: radius === 1 ? 0.5 : 3 }]
    }
    return [
      {
        ...common,
        kernel: 'median',
        // The row above the window leaves the counts.
        rows: { taps: 2 * radius + 2, offset: -radius - 1 },
        params: { radius },
        stateBytes: stateBytes(radius, context),
        sweep: 'down',
        work: 19,
      },
    ]
  },
  reference(image, { radius, border, fill }) {
    const { width, height, channels, data } = image
    const out = blank(width, height, channels)
    const half = ((2 * radius + 1) ** 2 - 1) / 2
    const around = (place: number, n: number): number[] =>
      Array.from({ length: 2 * radius + 1 }, (_, k) => mapIndex(place - radius + k, n, border))
    const columns = Array.from({ length: width }, (_, x) => around(x, width))
    for (let y = 0, i = 0; y < height; y++) {
      const rows = around(y, height)
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < channels; c++, i++) {
          // How often each value stands in the window.
          const counts = new Uint16Array(256)
          for (const row of rows) {
            for (const column of columns[x] as number[]) {
              const value = row < 0 || column < 0 ? (fill[c] as number) : (data[(row * width + column) * channels + c] as number)
              counts[value]!++
            }
          }
          let middle = 0
          for (let smaller = counts[0] as number; smaller <= half; smaller += counts[middle] as number) middle++
          out.data[i] = middle
        }
      }
    }
    return out
  },
  cases: [{ radius: 3, border: 'reflect' }, { radius: 2 }, { radius: 50 }, { radius: 20 }, { radius: 7 }],
})

// What the kernels keep: assembly/kernels/median-small.ts and median.ts.
const SMALL_STATE_BYTES = 64 + PATCH_BYTES + 5 * RANK_BYTES
const stateBytes = (radius: number, { width, channels }: Context): number =>
  WINDOW_BYTES + (16 + 256) * (width + 2 * radius) * channels
