import type { Border } from '../border.js'
import type { Image } from '../image.js'
import { borderParams, integer } from '../params.js'
import type { Fill, Stage } from '../stage.js'
import { type Context, type Filter, defineFilter } from './define.js'
import { at, blank } from './maths.js'
import { opaqueBorder } from './premultiplied.js'
import { EXTREMES_BYTES, PATCH_BYTES } from './state.js'

/** Up to this radius one kernel does all of it. */
const LARGEST_SMALL = 2

const params = {
  radius: integer({ default: 1, min: 1, max: 50, unit: 'px', summary: 'The window has 2 * radius + 1 pixels each way.' }),
  ...borderParams,
}

interface Extreme {
  readonly name: 'erode' | 'dilate'
  readonly summary: string
  readonly details: string
  /** Which of two values is taken. */
  readonly pick: (a: number, b: number) => number
}

/** A filter that takes the least or the greatest value of a square window, channel by channel, alpha included. */
export function defineExtreme({ name, summary, details, pick }: Extreme): Filter<typeof params> {
  return defineFilter({
    name,
    summary,
    details,
    params,
    keepsOpaque: ({ border, fill }) => opaqueBorder(border, fill),
    stages({ radius, border, fill }, context): readonly Stage[] {
      const outside = { border, fill }
      const common = { kind: 'window', ...outside, params: { radius } } as const
      const rows = { taps: 2 * radius + 1, offset: -radius }
      const columns = { left: radius, right: radius }
      const { width, height } = context
      if (radius <= LARGEST_SMALL) {
        const gpu = radius === 1 ? undefined : [...spans(name, 'y', radius, height, outside), ...spans(name, 'x', radius, width, outside)]
        return [{ ...common, kernel: `${name}_small`, rows, columns, ownEdges: true, stateBytes: 64 + PATCH_BYTES, gpu, work: 0.45 }]
      }
      const work = 0.3 + radius / 250
      return [
        { ...common, kernel: `${name}_y`, rows, stateBytes: stateBytesY(radius, context), gpu: spans(name, 'y', radius, height, outside), work },
        { ...common, kernel: `${name}_x`, columns, stateBytes: stateBytesX(radius, context), gpu: spans(name, 'x', radius, width, outside), work },
      ]
    },
    reference(image, { radius, border, fill }) {
      // The extreme of a square is that of its columns' extremes.
      const columns = line(image, 0, 1, radius, border, fill)
      return line(columns, 1, 0, radius, border, fill)
    },
    cases: [{ radius: 5, border: 'reflect' }, { radius: 3 }, { radius: 2 }, { radius: 4, border: 'wrap' }, { radius: 50 }, { radius: 12 }],
  })

  /** Picks from the 2 * radius + 1 pixels around each one, in steps of (dx, dy). */
  function line(image: Image, dx: number, dy: number, radius: number, border: Border, fill: Fill): Image {
    const out = blank(image.width, image.height, image.channels)
    for (let y = 0, i = 0; y < image.height; y++) {
      for (let x = 0; x < image.width; x++) {
        for (let c = 0; c < image.channels; c++, i++) {
          let picked = image.data[i] as number
          for (let k = -radius; k <= radius; k++) picked = pick(picked, at(image, x + k * dx, y + k * dy, c, border, fill))
          out.data[i] = picked
        }
      }
    }
    return out
  }
}

/** The most values that a thread of a GPU reads for a pixel. */
const MOST_VALUES = 8

/**
 * The extremes of 2 * radius + 1 pixels in a row from those of shorter spans, these from shorter ones still, so that what is
 * read grows with the logarithm of the radius. Spans begin `radius` before the image and end where its last window does.
 */
function spans(name: string, axis: 'x' | 'y', radius: number, length: number, outside: { readonly border: Border; readonly fill: Fill }): readonly Stage[] {
  const taps = 2 * radius + 1
  let levels = 1
  while (MOST_VALUES ** levels < taps) levels++
  let span = 1
  return Array.from({ length: levels }, (_, level): Stage => {
    const isFirst = level === 0
    const longer = level === levels - 1 ? taps : Math.ceil(taps ** ((level + 1) / levels))
    const first = isFirst ? -radius : 0
    // The last span ends where the longer one does, whatever it has in common with the one before.
    const last = longer - span
    const params = { first, step: span, count: Math.ceil(longer / span), last }
    const places = length + taps - longer
    span = longer
    return {
      kernel: `${name}_span_${axis}`,
      kind: 'window',
      ...(axis === 'y' ? { shape: { height: places }, rows: { taps: last + 1, offset: first } } : { shape: { width: places }, columns: { left: -first, right: last + first } }),
      ...(isFirst ? outside : {}),
      params,
      work: 0.5,
    }
  })
}

// What the kernels keep (assembly/lib/extreme.ts): after a first 64 bytes, a row for each tap, or one tile of a row
// with the pixels that its windows reach.
const stateBytesY = (radius: number, { width, channels }: Context): number =>
  64 + (2 * radius + 1) * (Math.ceil((width * channels) / 64) * 64 + 64)
const stateBytesX = (radius: number, { channels }: Context): number => 64 + EXTREMES_BYTES + 2 * radius * channels + 128
