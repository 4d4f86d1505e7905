import { borderParams, number } from '../params.js'
import type { Stage } from '../stage.js'
import type { Border } from '../border.js'
import type { Fill } from '../stage.js'
import { type Context, defineFilter } from './define.js'
import { narrow, round, symmetric, weighted, widen, widenFill } from './maths.js'
import { MIN_SIGMA, type Pyramid, pyramidOf, pyramidReference, pyramidStages } from './pyramid.js'
import { opaqueBorder, premultiplied } from './premultiplied.js'
import type { Image } from '../image.js'

/** How much of a Gaussian may be cut off: a fifth of a level, for any picture. */
const TAIL = 0.2 / 255

/** The small Gaussian of a pyramid costs little. */
const COARSE_TAIL = 0.015 / 255

/**
 * w[0] … w[radius] in fractions of 2^15, with w[0] + 2 (w[1] + … + w[radius]) = 32768; what lies beyond sums to at most `tail`.
 * @param cumulant The fourth, a Gaussian's being 0: the first term of a Gram-Charlier series.
 */
export function gaussianWeights(sigma: number, tail = TAIL, cumulant = 0): Int16Array {
  const exact = Array.from({ length: Math.ceil(6 * sigma) + 1 }, (_, k) => {
    const z2 = (k / sigma) ** 2
    return Math.exp(-z2 / 2) * (1 + (cumulant / (24 * sigma ** 4)) * (z2 * z2 - 6 * z2 + 3))
  })
  const sumTo = (radius: number): number => exact.slice(0, radius + 1).reduce((total, w, k) => total + (k === 0 ? w : 2 * w), 0)
  const whole = sumTo(exact.length)
  let radius = 1
  while (whole - sumTo(radius) > tail * whole) radius++
  const sum = sumTo(radius)
  const half = Int16Array.from(exact.slice(0, radius + 1), (w, k) => (k === 0 ? 0 : round((w / sum) * 32768)))
  const rest = 32768 - 2 * half.reduce((total, w) => total + w, 0)
  half[0] = Math.min(rest, 32767)
  return half
}

/** A blur this small rounds to the identity: no neighbour has any weight. */
const isIdentity = (half: Int16Array): boolean => half[1] === 0

interface Blur {
  readonly sigma: number
  readonly border: Border
  readonly fill: Fill
}

/** The pyramid of a wide Gaussian. */
export const pyramid = (sigma: number): Pyramid => pyramidOf(sigma, (small, cumulant) => gaussianWeights(small, COARSE_TAIL, cumulant))

export function blurStages({ sigma, border, fill }: Blur, context: Context): readonly Stage[] {
  if (sigma >= MIN_SIGMA) {
    return premultiplied(context, { border, fill }, ({ last }) => pyramidStages(pyramid(sigma), { border, fill }, context, last))
  }
  const weights = gaussianWeights(sigma)
  if (isIdentity(weights)) return []
  const radius = weights.length - 1
  const params = { radius, weights }
  return premultiplied(context, { border, fill }, ({ last }) => [
    {
      kernel: 'gaussian_blur_y',
      kind: 'window',
      shape: { format: 'i16' },
      rows: { taps: 2 * radius + 1, offset: -radius },
      border,
      fill,
      params,
      work: 0.6 + 0.15 * radius,
    },
    {
      kernel: 'gaussian_blur_x',
      kind: 'window',
      shape: { format: last },
      columns: { left: radius, right: radius },
      border,
      fill,
      params,
      work: 0.6 + 0.15 * radius,
    },
  ])
}

export function blurReference(image: Image, { sigma, border, fill }: Blur): Image {
  if (sigma >= MIN_SIGMA) return narrow(pyramidReference(widen(image), pyramid(sigma), { border, fill }))
  const half = gaussianWeights(sigma)
  if (isIdentity(half)) return image
  const outside = widenFill(fill, image.channels)
  const down = weighted(widen(image), 'y', symmetric(half, image.height), border, outside)
  return narrow(weighted(down, 'x', symmetric(half, image.width), border, outside))
}

export const sigmaParam = number({ default: 1, min: 0.1, max: 100, unit: 'px', summary: 'Standard deviation.' })

export const gaussianBlur = defineFilter({
  name: 'gaussian-blur',
  summary: 'Blur with a Gaussian; within one level of the true one at every sigma.',
  details:
    'Premultiplied by alpha, so that transparent pixels bleed no colour. Weights are fractions of 2^15 with an exact ' +
    'sum; columns first, then rows, with 6 fractional bits between them. From sigma 3 on, the image is halved ' +
    'once to four times, blurred, and doubled as often, by cubic B-splines, so that the cost does not grow with sigma.',
  params: { sigma: sigmaParam, ...borderParams },
  keepsOpaque: ({ border, fill }) => opaqueBorder(border, fill),
  stages: blurStages,
  reference: blurReference,
  cases: [{ sigma: 0.1 }, { sigma: 0.5 }, { sigma: 2 }, { sigma: 2.9, border: 'reflect' }, { sigma: 4 }, { sigma: 40 }, { sigma: 10, border: 'reflect-101' }],
})
