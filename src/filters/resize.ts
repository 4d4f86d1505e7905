import type { Image } from '../image.js'
import { MAX_PIXELS, MAX_SIDE } from '../image.js'
import { choice, integer } from '../params.js'
import type { Stage } from '../stage.js'
import { defineFilter } from './define.js'
import { blank, narrow, weighted, widen } from './maths.js'
import { premultiplied } from './premultiplied.js'
import { type Kernel, resampling, weightedColumns, weightedRows } from './resample.js'
import { remembered } from './remembered.js'

/** The cubic of Mitchell and Netravali, 1988, for its parameters B and C. */
function cubic(b: number, c: number): (t: number) => number {
  return (t) => {
    const x = Math.abs(t)
    if (x >= 2) return 0
    if (x < 1) return ((12 - 9 * b - 6 * c) * x ** 3 + (-18 + 12 * b + 6 * c) * x ** 2 + (6 - 2 * b)) / 6
    return ((-b - 6 * c) * x ** 3 + (6 * b + 30 * c) * x ** 2 + (-12 * b - 48 * c) * x + (8 * b + 24 * c)) / 6
  }
}

const sinc = (t: number): number => (t === 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t))
const lanczos = (lobes: number) => (t: number): number => (Math.abs(t) >= lobes ? 0 : sinc(t) * sinc(t / lobes))

const KERNELS = {
  lanczos3: { reach: 3, at: lanczos(3) },
  lanczos2: { reach: 2, at: lanczos(2) },
  bicubic: { reach: 2, at: cubic(0, 0.5) },
  mitchell: { reach: 2, at: cubic(1 / 3, 1 / 3) },
  bilinear: { reach: 1, at: (t) => Math.max(0, 1 - Math.abs(t)) },
  // A pixel whose centre lies on the edge of the box counts half.
  box: { reach: 0.5, at: (t) => (Math.abs(t) < 0.5 ? 1 : Math.abs(t) === 0.5 ? 0.5 : 0) },
} as const satisfies Record<string, Kernel>

export const weightsOf = remembered((kernel: keyof typeof KERNELS, from: number, to: number) => resampling(KERNELS[kernel], from, to))

/**
 * The pixel in which the centre of each new one lies: floor((i + 0.5) * from / to), exact in doubles. The last entry is
 * repeated up to a multiple of four.
 */
const nearest = remembered((from: number, to: number) =>
  new Int32Array(Math.ceil(to / 4) * 4).map((_, i) => Math.floor(((2 * Math.min(i, to - 1) + 1) * from) / (2 * to))),
)

const evenRows = remembered((length: number) => new Int32Array(length).map((_, y) => 2 * y))

function nearestReference(image: Image, width: number, height: number): Image {
  const { channels, data } = image
  const columns = nearest(image.width, width)
  const rows = nearest(image.height, height)
  const out = blank(width, height, channels)
  for (let i = 0; i < out.data.length; i++) {
    const pixel = Math.floor(i / channels)
    const from = (rows[Math.floor(pixel / width)] as number) * image.width + (columns[pixel % width] as number)
    out.data[i] = data[from * channels + (i % channels)] as number
  }
  return out
}

/** What `box` comes to where four pixels become one, of bytes. */
function halfStage(width: number, height: number): Stage {
  const rows = { taps: 2, starts: evenRows(height) }
  return { kernel: 'resize_half', kind: 'window', shape: { width, height }, rows, work: 1 }
}

export const resize = defineFilter({
  name: 'resize',
  summary: 'Change the size, smoothly: antialiased where the image shrinks.',
  details:
    'Pixel centres lie at .5, and the kernel is stretched by as much as the image shrinks, as in Pillow and sharp. Taps ' +
    'outside the image are dropped and the rest scaled to a sum of 1. Premultiplied by alpha, so that transparent pixels ' +
    'bleed no colour. Weights are fractions of 2^15 (2^14 where a pixel has the weight 1) with an exact sum; columns ' +
    'first, then rows, with 6 fractional bits between them. `bicubic` is that of Catmull and Rom, `box` the mean of the ' +
    'pixels that become one; `nearest` copies pixels.',
  params: {
    width: integer({ min: 1, max: MAX_SIDE, unit: 'px', summary: 'Columns of the result.' }),
    height: integer({ min: 1, max: MAX_SIDE, unit: 'px', summary: 'Rows of the result.' }),
    kernel: choice({
      options: ['lanczos3', 'lanczos2', 'bicubic', 'mitchell', 'bilinear', 'box', 'nearest'],
      default: 'lanczos3',
      summary: 'How pixels weigh: from sharp and slow to fast and coarse.',
    }),
  },
  check({ width, height }) {
    return width * height <= MAX_PIXELS ? undefined : `expected at most ${MAX_PIXELS} pixels, got ${width} x ${height} = ${width * height}`
  },
  shape: ({ width, height }) => ({ width, height }),
  stages({ width, height, kernel }, context) {
    const [sameWidth, sameHeight] = [width === context.width, height === context.height]
    if (sameWidth && sameHeight) return []
    if (kernel === 'nearest') {
      const params = { starts: nearest(context.width, width) }
      const rows = { taps: 1, starts: nearest(context.height, height) }
      return [{ kernel: 'resize_nearest', kind: 'window', shape: { width, height }, rows, params, work: 0.5 }]
    }
    const halves = kernel === 'box' && context.width === 2 * width && context.height === 2 * height
    return premultiplied(context, { border: 'replicate', fill: [0, 0, 0, 0] }, ({ first, last }) => {
      if (halves && first === 'u8') return [halfStage(width, height)]
      return [
        ...(sameHeight ? [] : [weightedRows(weightsOf(kernel, context.height, height), sameWidth ? last : 'i16')]),
        ...(sameWidth ? [] : [weightedColumns(weightsOf(kernel, context.width, width), context.channels, last)]),
      ]
    })
  },
  reference(image, { width, height, kernel }) {
    if (width === image.width && height === image.height) return image
    if (kernel === 'nearest') return nearestReference(image, width, height)
    let wide = widen(image)
    if (height !== image.height) wide = weighted(wide, 'y', weightsOf(kernel, image.height, height), 'replicate', [])
    if (width !== image.width) wide = weighted(wide, 'x', weightsOf(kernel, image.width, width), 'replicate', [])
    return narrow(wide)
  },
  example: { width: 24, height: 16 },
  cases: [
    { width: 61, height: 53 },
    { width: 1, height: 1 },
    { width: 37, height: 90 },
    { width: 74, height: 23, kernel: 'lanczos2' },
    { width: 19, height: 44, kernel: 'bicubic' },
    { width: 50, height: 9, kernel: 'mitchell' },
    { width: 30, height: 70, kernel: 'bilinear' },
    { width: 18, height: 11, kernel: 'box' },
    { width: 20, height: 15, kernel: 'box' },
    { width: 80, height: 60, kernel: 'box' },
    { width: 55, height: 12, kernel: 'nearest' },
  ],
})
