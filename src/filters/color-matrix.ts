import { list } from '../params.js'
import { defineMatrix } from './matrix.js'

export const colorMatrix = defineMatrix({
  name: 'color-matrix',
  summary: 'Mix the channels by a matrix, as SVG feColorMatrix, on straight alpha.',
  details:
    'Four rows, for red, green, blue and alpha, of five numbers: what r, g, b and a are multiplied by, and an offset in which ' +
    '1 is full intensity.',
  params: {
    matrix: list({ lengths: [20], min: -128, max: 128, summary: 'The 20 numbers, row by row.' }),
  },
  matrix: ({ matrix }) => matrix,
  example: { matrix: [0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0] },
  cases: [
    { matrix: [-0.5, 1.25, 0.2, 0.1, 0.1, 0.3, -1, 0.4, 0, 0.5, 0.9, 0.9, -0.8, 0.3, -0.25, -0.2, 0.1, -0.3, 0.75, 0.2] },
    { matrix: [128, -128, 0, 0, -0.5, 0, 128, -128, 0, 128, 0, 0, 128, -128, -128, 1, 0, 0, 0, 0] },
  ],
})
