import type { Image } from '../image.js'
import type { Params, Values } from '../params.js'
import { type Definition, type Filter, defineFilter } from './define.js'
import { blank, clamp, fractions, round } from './maths.js'

/** Four rows of five: the factors of r, g, b and a, then an offset in which 1 is full intensity. */
export type ColorMatrix = readonly number[]

interface Quantised {
  readonly shift: number
  readonly matrix: Int16Array
  /** With the half that rounds. */
  readonly bias: Int32Array
}

/**
 * Fractions of 2^shift with the largest shift, at most 14, at which every factor fits an i16. The factors of r, g and
 * b have the sum that is nearest to the real one, and so have all four: where the real ones sum to 1, grey levels
 * stay exactly what they are.
 */
export function quantise(matrix: ColorMatrix): Quantised {
  const rows = [0, 1, 2, 3].map((i) => matrix.slice(i * 5, i * 5 + 5) as [number, number, number, number, number])
  const largest = Math.max(...rows.flatMap((row) => row.slice(0, 4)).map(Math.abs))
  let shift = 14
  // What rounding leaves over, at most 2, may go to the largest factor.
  while (round(largest * 2 ** shift) > 32767 - 2) shift--
  const scale = 2 ** shift
  const factors = rows.flatMap(([r, g, b, a]) => {
    const [red, green, blue] = fractions([r, g, b], scale) as [number, number, number]
    return [red, green, blue, round((r + g + b + a) * scale) - (red + green + blue)]
  })
  return {
    shift,
    matrix: Int16Array.from(factors),
    bias: Int32Array.from(rows.map((row) => round(row[4] * 255 * scale) + scale / 2)),
  }
}

const isIdentity = ({ shift, matrix, bias }: Quantised): boolean =>
  matrix.every((factor, i) => factor === (i % 5 === 0 ? 2 ** shift : 0)) && bias.every((offset) => offset === 2 ** (shift - 1))

/** Whether every opaque pixel stays opaque: also the one whose colours lower alpha the most. */
function keepsOpaque({ shift, matrix, bias }: Quantised): boolean {
  const [r, g, b, a] = matrix.subarray(12) as unknown as [number, number, number, number]
  const lowest = (bias[3] as number) + 255 * (Math.min(0, r) + Math.min(0, g) + Math.min(0, b) + a)
  return lowest >> shift >= 255
}

function applyMatrix(image: Image, { shift, matrix, bias }: Quantised): Image {
  const out = blank(image.width, image.height, 4)
  for (let i = 0; i < image.data.length; i++) {
    const pixel = i - (i % 4)
    let sum = bias[i % 4] as number
    for (let j = 0; j < 4; j++) sum += (matrix[(i % 4) * 4 + j] as number) * (image.data[pixel + j] as number)
    out.data[i] = clamp(sum >> shift)
  }
  return out
}

const KEPT_ALPHA = [0, 0, 0, 1, 0]

interface MatrixFilter<P extends Params> extends Omit<Definition<P>, 'stages' | 'reference' | 'colour' | 'keepsOpaque'> {
  readonly matrix: (values: Values<P>) => ColorMatrix
}

/** A filter that is a colour matrix on straight alpha. An image of one channel is left alone where `grey` says so. */
export function defineMatrix<const P extends Params>({ matrix, grey, ...rest }: MatrixFilter<P> & { readonly grey?: 'kept' }): Filter<P> {
  const definition: Definition<P> = {
    ...rest,
    colour: grey !== 'kept',
    keepsOpaque: (values) => keepsOpaque(quantise(matrix(values))),
    stages(values, { channels }) {
      const quantised = quantise(matrix(values))
      return channels === 1 || isIdentity(quantised) ? [] : [{ kernel: 'color_matrix', kind: 'point', params: { ...quantised }, work: 0.55 }]
    },
    reference: (image, values) => (image.channels === 1 ? image : applyMatrix(image, quantise(matrix(values)))),
  }
  return defineFilter<P>(definition)
}

/** A matrix that only mixes colours, from the nine factors of its colour part. */
export function colourRows(rows: readonly (readonly number[])[]): ColorMatrix {
  return [...rows.flatMap((row) => [...row, 0, 0]), ...KEPT_ALPHA]
}
