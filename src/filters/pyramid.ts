import { type Border, mapIndex } from '../border.js'
import type { Fill, Format, Stage } from '../stage.js'
import { type Wide, symmetric, weighted, widenFill } from './maths.js'
import { remembered } from './remembered.js'

// A wide Gaussian at a cost that does not grow with its width: halve the image some times, blur what is left with a
// small Gaussian, and double it as often. Halving smooths with (1 4 6 4 1) / 16 and takes every second pixel; doubling
// puts pixels of 0 between and smooths with twice those weights, so that places in turn are (1 6 1) / 8 and (4 4) / 8.
// Each time that is a cubic B-spline: n halvings in a row are four boxes of 2^n pixels, whose zeros lie where taking
// every 2^n th pixel folds other frequencies onto the slow ones that are left. Variances add:
//
//     sigma^2 = (4^n - 1) / 3 + (2^n small)^2 + (4^n - 1) / 3
//
// So do fourth cumulants. A Gaussian's is 0 and each spline's is -1/2 of its pixel's width to the fourth, -(16^n - 1) / 15
// in all, which the small Gaussian makes good for. The effective weights of one axis then differ from a true Gaussian's by
// less than 0.34 levels of 255, whatever the picture and the place, where sigma >= 1.5 * 2^n (tests/oracles/gaussian.test.ts).

/** What a Gaussian of this width is made of. */
export interface Pyramid {
  readonly halvings: number
  /** The small Gaussian: w[0] … w[radius] in fractions of 2^15. */
  readonly half: Int16Array
}

/** How often 2^n fits into sigma, at least. */
const SHARE = 1.5
/** Beyond this the small Gaussian costs next to nothing. */
const MAX_HALVINGS = 4

/** Below this, a Gaussian is not made by a pyramid. */
export const MIN_SIGMA = 2 * SHARE

/** @param weights Those of a small Gaussian of a given sigma and fourth cumulant. */
export function pyramidOf(sigma: number, weights: (sigma: number, cumulant: number) => Int16Array): Pyramid {
  let halvings = 1
  while (halvings < MAX_HALVINGS && sigma >= SHARE * 2 ** (halvings + 1)) halvings++
  const power = 4 ** halvings
  const small = Math.sqrt((sigma ** 2 - (2 * (power - 1)) / 3) / power)
  return { halvings, half: weights(small, (1 - power ** -2) / 15) }
}

export interface Outside {
  readonly border: Border
  readonly fill: Fill
}

/** Pixels `from` to `to - 1` of a row or column. */
interface Stretch {
  readonly from: number
  readonly to: number
}

/** One halving or doubling of an axis: the length of the result, and where in the input its first pixel's taps begin. */
interface Step {
  readonly length: number
  readonly first: number
}

/** A doubled stretch begins at an even place, two before the image, so that there is one pixel more than is needed. */
const MARGIN = 2

/**
 * The steps of one axis, down and up again. On the way down each stretch is as long as the next one needs; beyond the
 * ends of the image lies its border, in fact or, where it was halved, in effect. The smallest has `extra` more at either
 * end than the way up needs.
 */
export const axisOf = remembered((length: number, halvings: number, extra: number): { readonly down: readonly Step[]; readonly up: readonly Step[] } => {
  const up: Stretch[] = [{ from: 0, to: length }]
  for (let k = 1; k <= halvings; k++) up.push({ from: -MARGIN, to: (((up[k - 1] as Stretch).to - 1) >> 1) + 2 })
  const top = up[halvings] as Stretch
  const down: Stretch[] = [{ from: top.from - extra, to: top.to + extra }]
  for (let k = halvings; k > 1; k--) down.unshift({ from: 2 * (down[0] as Stretch).from - 2, to: 2 * (down[0] as Stretch).to + 1 })
  const lengthOf = ({ from, to }: Stretch): number => to - from
  return {
    down: down.map((stretch, k) => ({ length: lengthOf(stretch), first: k === 0 ? 2 * stretch.from - 2 : 0 })),
    up: up.slice(0, -1).map((stretch, k) => {
      const input = k + 1 === halvings ? (down.at(-1) as Stretch) : (up[k + 1] as Stretch)
      return { length: lengthOf(stretch), first: (stretch.from >> 1) - 1 - input.from }
    }).reverse(),
  }
})

/**
 * Halved pixels that only see a constant, or the replicated edge, all are alike: behind one of them the halved image has
 * the same border. For other borders there are as many as the small Gaussian reaches, and what lies beyond them is
 * never used.
 */
const extraOf = (border: Border, { half }: Pyramid): number => (border === 'replicate' || border === 'constant' ? 1 : half.length - 1)
const smallBorder = (border: Border): Border => (border === 'constant' ? 'constant' : 'replicate')

/** Where the taps of each row begin. */
const halvedStarts = remembered((length: number, first: number) => Int32Array.from({ length }, (_, y) => first + 2 * y))
const doubledStarts = remembered((length: number, first: number) => Int32Array.from({ length }, (_, y) => first + (y >> 1)))

/** The stages from pixels in either format to `last`. */
export function pyramidStages(
  pyramid: Pyramid,
  { border, fill }: Outside,
  { width, height }: { readonly width: number; readonly height: number },
  last: Format,
): readonly Stage[] {
  const { halvings, half } = pyramid
  const extra = extraOf(border, pyramid)
  const columns = axisOf(width, halvings, extra)
  const rows = axisOf(height, halvings, extra)
  const radius = half.length - 1
  const small = { border: smallBorder(border), fill, params: { radius, weights: half }, work: 0.6 + 0.15 * radius }
  let before = width
  const down = rows.down.flatMap((row, k): readonly Stage[] => {
    const { length, first } = columns.down[k] as Step
    const reach = { left: -first, right: first + 2 * length + 3 - before }
    before = length
    return [
      {
        kernel: 'halve_y',
        kind: 'window',
        shape: { height: row.length, format: 'i16' },
        rows: { taps: 5, starts: halvedStarts(row.length, row.first) },
        border,
        fill,
        work: 0.45,
      },
      {
        kernel: 'halve_x',
        kind: 'window',
        shape: { width: length },
        ...(k === 0 ? { columns: reach, border, fill } : {}),
        params: { first },
        // Strips that made their own small rows would make many of them twice.
        complete: k === halvings - 1,
        work: 0.7,
      },
    ]
  })
  const up = rows.up.flatMap((row, k): readonly Stage[] => {
    const { length, first } = columns.up[k] as Step
    return [
      { kernel: 'double_y', kind: 'window', shape: { height: row.length }, rows: { taps: 3, starts: doubledStarts(row.length, row.first) }, work: 0.3 },
      { kernel: 'double_x', kind: 'window', shape: { width: length, format: k === halvings - 1 ? last : 'i16' }, params: { first }, work: 0.5 },
    ]
  })
  return [
    ...down,
    { kernel: 'gaussian_blur_y', kind: 'window', rows: { taps: 2 * radius + 1, offset: -radius }, ...small },
    { kernel: 'gaussian_blur_x', kind: 'window', columns: { left: radius, right: radius }, ...small },
    ...up,
  ]
}

/** A row or column (`axis`) of another length, each value made from those of the input. */
function along(
  wide: Wide,
  axis: 'x' | 'y',
  length: number,
  { border, outside }: { readonly border: Border; readonly outside: readonly number[] },
  make: (i: number, value: (place: number) => number) => number,
): Wide {
  const { channels } = wide
  const size = axis === 'x' ? { width: length, height: wide.height } : { width: wide.width, height: length }
  const inputLength = axis === 'x' ? wide.width : wide.height
  const data = new Int16Array(size.width * size.height * channels)
  for (let index = 0; index < data.length; index++) {
    const c = index % channels
    const x = Math.floor(index / channels) % size.width
    const y = Math.floor(index / channels / size.width)
    data[index] = make(axis === 'x' ? x : y, (place) => {
      const mapped = mapIndex(place, inputLength, border)
      if (mapped < 0) return outside[c] as number
      return wide.data[((axis === 'x' ? y : mapped) * wide.width + (axis === 'x' ? mapped : x)) * channels + c] as number
    })
  }
  return { ...size, channels, data }
}

/** (a + 4 b + 6 c + 4 d + e) / 16, rounded half up twice, so that no sum passes 16 bits. */
const halved = (wide: Wide, axis: 'x' | 'y', { length, first }: Step, around: { border: Border; outside: readonly number[] }): Wide =>
  along(wide, axis, length, around, (i, value) => {
    const [a, b, c, d, e] = [0, 1, 2, 3, 4].map((k) => value(first + 2 * i + k)) as [number, number, number, number, number]
    return (((a + e + 2 * c + 2) >> 2) + b + c + d + 2) >> 2
  })

/** Places in turn are (a + 6 b + c) / 8, likewise, and (b + c) / 2, of the same three. */
const doubled = (wide: Wide, axis: 'x' | 'y', { length, first }: Step): Wide =>
  along(wide, axis, length, { border: 'replicate', outside: [] }, (i, value) => {
    const [a, b, c] = [0, 1, 2].map((k) => value(first + (i >> 1) + k)) as [number, number, number]
    return i % 2 === 0 ? (((a + c + 2 * b + 2) >> 2) + b + 1) >> 1 : (b + c + 1) >> 1
  })

/** The same as arithmetic. */
export function pyramidReference(wide: Wide, pyramid: Pyramid, { border, fill }: Outside): Wide {
  const { halvings, half } = pyramid
  const extra = extraOf(border, pyramid)
  const columns = axisOf(wide.width, halvings, extra)
  const rows = axisOf(wide.height, halvings, extra)
  const outside = widenFill(fill, wide.channels)
  let now = wide
  for (let k = 0; k < halvings; k++) {
    now = halved(now, 'y', rows.down[k] as Step, { border, outside })
    now = halved(now, 'x', columns.down[k] as Step, { border, outside })
  }
  now = weighted(now, 'y', symmetric(half, now.height), smallBorder(border), outside)
  now = weighted(now, 'x', symmetric(half, now.width), smallBorder(border), outside)
  for (let k = 0; k < halvings; k++) {
    now = doubled(now, 'y', rows.up[k] as Step)
    now = doubled(now, 'x', columns.up[k] as Step)
  }
  return now
}
