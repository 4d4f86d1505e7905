import type { Image } from '../image.js'
import type { Params, Values } from '../params.js'
import { type Definition, type Filter, defineFilter } from './define.js'
import { blank, clamp, round } from './maths.js'

/** Four rows of five: the factors of r, g, b and a, then an offset in which 1 is full intensity. */
export type ColorMatrix = readonly number[]

interface Quantised {
  readonly shift: number
  readonly matrix: Int16Array
  /** With the half that rounds. */
  readonly bias: Int32Array
}

/** Fractions of 2^shift with the largest shift, at most 14, at which every factor fits an i16. */
export function quantise(matrix: ColorMatrix): Quantised {
  const largest = Math.max(...matrix.filter((_, i) => i % 5 !== 4).map(Math.abs))
  let shift = 14
  while (round(largest * 2 ** shift) > 32767) shift--
  const rows = [0, 1, 2, 3]
  return {
    shift,
    matrix: Int16Array.from(rows.flatMap((i) => rows.map((j) => round((matrix[i * 5 + j] as number) * 2 ** shift)))),
    bias: Int32Array.from(rows.map((i) => round((matrix[i * 5 + 4] as number) * 255 * 2 ** shift) + 2 ** (shift - 1))),
  }
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

const KEEPS_ALPHA = [0, 0, 0, 1, 0]

interface MatrixFilter<P extends Params> extends Omit<Definition<P>, 'stages' | 'reference' | 'colour' | 'keepsOpaque'> {
  readonly matrix: (values: Values<P>) => ColorMatrix
}

/** A filter that is a colour matrix on straight alpha. An image of one channel is left alone where `grey` says so. */
export function defineMatrix<const P extends Params>({ matrix, grey, ...rest }: MatrixFilter<P> & { readonly grey?: 'kept' }): Filter<P> {
  const definition: Definition<P> = {
    ...rest,
    colour: grey !== 'kept',
    keepsOpaque: (values) => matrix(values).slice(15).every((factor, i) => factor === KEEPS_ALPHA[i]),
    stages: (values, { channels }) =>
      channels === 1 ? [] : [{ kernel: 'color_matrix', kind: 'point', params: { ...quantise(matrix(values)) }, work: 2 }],
    reference: (image, values) => (image.channels === 1 ? image : applyMatrix(image, quantise(matrix(values)))),
  }
  return defineFilter<P>(definition)
}

/** A matrix that only mixes colours, from the nine factors of its colour part. */
export function colourRows(rows: readonly (readonly number[])[]): ColorMatrix {
  return [...rows.flatMap((row) => [...row, 0, 0]), ...KEEPS_ALPHA]
}
