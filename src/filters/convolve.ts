import { borderParams, integer, list, number } from '../params.js'
import { MAX_WEIGHT, defineConvolution } from './convolution.js'

const MAX_SIZE = 15

export const convolve = defineConvolution({
  name: 'convolve',
  summary: 'Weighted sum of the neighbours of each pixel, with weights of your own. Alpha is copied.',
  details:
    'Correlation, as OpenCV\'s filter2D and sharp\'s convolve: the kernel is not turned around. Every colour channel becomes ' +
    'sum(kernel * neighbours) / scale + offset, rounded half up. Weights are integers of 16 bits, fractions of the largest ' +
    'power of 2 that they and their sums leave room for; their sum is exact. Alpha is left alone, since a kernel whose ' +
    'weights sum to 0, as those that find edges do, would make the image invisible.',
  params: {
    width: integer({ default: 3, min: 1, max: MAX_SIZE, unit: 'px', summary: 'Columns of the kernel; odd.' }),
    height: integer({ default: 3, min: 1, max: MAX_SIZE, unit: 'px', summary: 'Rows of the kernel; odd.' }),
    kernel: list({ lengths: [], min: -1e6, max: 1e6, summary: 'The weights, row by row: width x height numbers.' }),
    scale: number({ default: 1, min: -1e6, max: 1e6, summary: 'What the sum is divided by; not 0.' }),
    offset: number({ default: 0, min: -65536, max: 65536, summary: 'What is added in the end.' }),
    ...borderParams,
  },
  check({ width, height, kernel, scale }) {
    if (width % 2 === 0) return `expected width to be odd, got ${width}`
    if (height % 2 === 0) return `expected height to be odd, got ${height}`
    if (kernel.length !== width * height) {
      return `expected kernel to hold ${width} x ${height} = ${width * height} numbers, got ${kernel.length}`
    }
    if (scale === 0) return 'expected scale to be other than 0'
    const tooLarge = kernel.find((weight) => Math.abs(weight / scale) > MAX_WEIGHT)
    if (tooLarge === undefined) return undefined
    return `expected every weight divided by the scale to lie within -${MAX_WEIGHT} to ${MAX_WEIGHT}, got ${tooLarge} / ${scale}`
  },
  window: ({ width, height, kernel, scale, offset }) => ({ width, height, weights: kernel.map((weight) => weight / scale), offset }),
  example: { kernel: [1, 2, 1, 2, 4, 2, 1, 2, 1], scale: 16 },
  cases: [
    { kernel: [-1, -1, -1, -1, 8, -1, -1, -1, -1], scale: 1, offset: 128 },
    { kernel: [0, 0, 0, 0, 1, 0, 0, 0, 0], scale: 1 },
    { kernel: [0, 0, 0, 0, 0, 0, 0, 0, 0], scale: 1, offset: 77.5 },
    { kernel: [-1000, 1, 0, 0.3, 1024, 0, 0, 0, -25], scale: -1 },
    { width: 5, height: 1, kernel: [1, -2, 3, -4, 5], scale: 3, border: 'reflect' },
    { width: 1, height: 7, kernel: [1, 1, 1, 1, 1, 1, 1], scale: 7, border: 'wrap' },
    { width: 15, height: 15, kernel: Array.from({ length: 225 }, (_, i) => ((i * 7) % 23) - 9), scale: 40, border: 'reflect-101' },
    { width: 15, height: 15, kernel: Array.from({ length: 225 }, () => 1), scale: 130, offset: 200 },
    { width: 5, height: 3, kernel: [0.1, 0, -0.7, 0.2, 0, 1, 3, 0, -2, 0.5, 0, 0.25, 0, 0, -1], scale: 1.7, offset: -3 },
  ],
})
