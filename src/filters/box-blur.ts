import { type Border, mapIndex } from '../border.js'
import { borderParams, integer } from '../params.js'
import type { Fill } from '../stage.js'
import { defineFilter } from './define.js'
import { blank, round } from './maths.js'
import { opaqueBorder } from './premultiplied.js'

/** Up to this radius the threads of a GPU do better to add up their windows on their own, through a workgroup's memory. */
const LARGEST_DIRECT = 4

export const boxBlur = defineFilter({
  name: 'box-blur',
  summary: 'Blur with a square: each pixel becomes the mean of those around it.',
  details:
    'Exact, rounded once, half up. Over the (2 * radius + 1)^2 pixels of the window, alpha is the mean of a and a colour is ' +
    'sum(c a) / sum(a), so that transparent pixels bleed no colour; where all of them are transparent it is 0. The ' +
    'time hardly grows with the radius.',
  params: {
    radius: integer({
      default: 1,
      min: 0,
      max: 255,
      unit: 'px',
      summary: 'The square has 2 * radius + 1 pixels each way; 0 leaves the image as it is.',
    }),
    ...borderParams,
  },
  keepsOpaque: ({ border, fill }) => opaqueBorder(border, fill),
  stages({ radius, border, fill }, { channels, opaque }) {
    if (radius === 0) return []
    // Where every alpha is 255, sum(c a) / sum(a) is sum(c) / n.
    const plain = channels === 1 || (opaque && opaqueBorder(border, fill))
    const kernel = plain ? 'box_blur' : 'box_blur_alpha'
    const common = { kind: 'window', border, params: { radius } } as const
    return [
      {
        ...common,
        kernel: `${kernel}_y`,
        shape: { format: 'i32' },
        // The row above the window leaves the sums.
        rows: { taps: 2 * radius + 2, offset: -radius - 1 },
        fill,
        stateBytes: 64,
        sweep: radius > LARGEST_DIRECT ? 'down' : undefined,
        work: plain ? 0.5 : 0.8,
      },
      {
        ...common,
        kernel: `${kernel}_x`,
        shape: { format: 'u8' },
        columns: { left: radius + 1, right: radius },
        fill: weighed(fill, plain).map((value) => value * (2 * radius + 1)) as unknown as Fill,
        sweep: radius > LARGEST_DIRECT ? 'across' : undefined,
        work: plain ? 0.7 : 1.3,
      },
    ]
  },
  reference(image, { radius, border, fill }) {
    if (radius === 0) return image
    const { width, height, channels } = image
    const n = (2 * radius + 1) ** 2
    const plain = channels === 1
    const pixels = Array.from({ length: width * height }, (_, i) =>
      weighed(Array.from(image.data.subarray(i * channels, (i + 1) * channels)), plain),
    )
    const columns = sums(pixels, width, height, 0, 1, radius, border, weighed(fill, plain))
    const windows = sums(columns, width, height, 1, 0, radius, border, weighed(fill, plain).map((value) => value * (2 * radius + 1)))
    const out = blank(width, height, channels)
    windows.forEach((sum, i) => {
      const alpha = sum[3] as number
      // Sums are below 2^35, so that a quotient of two is off every half, unless it is one, by more than a double's error.
      const mean = plain
        ? [round((sum[0] as number) / n)]
        : [...sum.slice(0, 3).map((c) => (alpha === 0 ? 0 : round(c / alpha))), round(alpha / n)]
      out.data.set(mean, i * channels)
    })
    return out
  },
  cases: [
    { radius: 2 },
    { radius: 9, border: 'reflect' },
    { radius: 0 },
    { radius: 63 },
    { radius: 64 },
    { radius: 129, border: 'wrap' },
    { radius: 255 },
    { radius: 17 },
  ],
})

/** A pixel as it is summed: its colour times its alpha, unless alpha has no say. */
function weighed(pixel: readonly number[], plain: boolean): readonly number[] {
  return plain ? pixel : pixel.map((value, c) => (c < 3 ? value * (pixel[3] as number) : value))
}

/** The sum of the 2 * radius + 1 pixels around each one, in steps of (dx, dy). */
function sums(
  pixels: readonly (readonly number[])[],
  width: number,
  height: number,
  dx: number,
  dy: number,
  radius: number,
  border: Border,
  outside: readonly number[],
): (readonly number[])[] {
  return pixels.map((pixel, i) => {
    const sum = pixel.map(() => 0)
    for (let k = -radius; k <= radius; k++) {
      const x = mapIndex((i % width) + k * dx, width, border)
      const y = mapIndex(Math.floor(i / width) + k * dy, height, border)
      const near = x < 0 || y < 0 ? outside : (pixels[y * width + x] as readonly number[])
      for (let c = 0; c < sum.length; c++) sum[c] = (sum[c] as number) + (near[c] as number)
    }
    return sum
  })
}
