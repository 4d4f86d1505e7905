import type { Image } from '../image.js'
import type { Params, Values, borderParams } from '../params.js'
import type { Stage } from '../stage.js'
import { type Definition, type Filter, defineFilter } from './define.js'
import { at, mapColour, round } from './maths.js'

/** What a pixel's neighbours weigh, row by row, and what is added to their sum. Width and height are odd. */
export interface Window {
  readonly width: number
  readonly height: number
  readonly weights: readonly number[]
  readonly offset: number
}

/** Weights larger than this are refused, so that 4 fractional bits are always left. */
export const MAX_WEIGHT = 1024
/** With weights of 225ths, more bits would bring nothing. */
const MAX_SHIFT = 22
const MAX_I32 = 2 ** 31 - 1

interface Quantised {
  readonly shift: number
  readonly weights: Int16Array
  readonly offset: number
}

/**
 * Fractions of 2^shift whose sum is the rounded sum of the weights: what rounding lost or gained goes to the weight
 * in the centre. The shift is the largest at which every weight fits an i16 and no sum of products leaves an i32.
 */
export function quantise({ weights, offset }: Window): Quantised {
  const sum = (list: readonly number[]): number => list.reduce((total, w) => total + w, 0)
  const centre = weights.length >> 1
  for (let shift = MAX_SHIFT; ; shift--) {
    const scaled = weights.map((w) => round(w * 2 ** shift))
    scaled[centre]! += round(sum(weights) * 2 ** shift) - sum(scaled)
    const added = round(offset * 2 ** shift)
    const largest = 255 * sum(scaled.map(Math.abs)) + Math.abs(added) + 2 ** (shift - 1)
    if (largest <= MAX_I32 && scaled.every((w) => Math.abs(w) <= 32767)) {
      return { shift, weights: Int16Array.from(scaled), offset: added }
    }
  }
}

function stageOf(window: Window, { border, fill }: Values<typeof borderParams>): readonly Stage[] {
  const { width, height } = window
  const { shift, weights, offset } = quantise(window)
  const isIdentity = offset === 0 && weights.every((w, i) => w === (i === weights.length >> 1 ? 2 ** shift : 0))
  if (isIdentity) return []
  const [left, top] = [width >> 1, height >> 1]
  return [
    {
      kernel: 'convolve',
      kind: 'window',
      rows: { taps: height, offset: -top },
      columns: { left, right: left },
      border,
      fill,
      params: { width, height, shift, bias: offset + 2 ** (shift - 1), weights },
      // An address and a weight for every tap and one more, behind the first word.
      stateBytes: 16 + 6 * (width * height + 1),
      work: 0.6 + 0.095 * weights.length,
    },
  ]
}

function reference(image: Image, window: Window, { border, fill }: Values<typeof borderParams>): Image {
  const { width, height } = window
  const { shift, weights, offset } = quantise(window)
  return mapColour(image, (_, c, index) => {
    const x = Math.floor(index / image.channels) % image.width
    const y = Math.floor(index / image.channels / image.width)
    let sum = offset
    for (let k = 0; k < weights.length; k++) {
      const dx = (k % width) - (width >> 1)
      const dy = Math.floor(k / width) - (height >> 1)
      sum += (weights[k] as number) * at(image, x + dx, y + dy, c, border, fill)
    }
    return sum / 2 ** shift
  })
}

interface Convolution<P extends Params> extends Omit<Definition<P>, 'stages' | 'reference'> {
  readonly window: (values: Values<P>) => Window
}

/** A filter that is a weighted sum of neighbours. Its parameters include those of the border. Alpha is copied. */
export function defineConvolution<const P extends Params & typeof borderParams>({ window, ...rest }: Convolution<P>): Filter<P> {
  const borderOf = (values: Values<P>) => values as unknown as Values<typeof borderParams>
  const definition: Definition<P> = {
    ...rest,
    stages: (values) => stageOf(window(values), borderOf(values)),
    reference: (image, values) => reference(image, window(values), borderOf(values)),
  }
  return defineFilter<P>(definition)
}
