import { borderParams, number } from '../params.js'
import { defineConvolution } from './convolution.js'

export const sharpen = defineConvolution({
  name: 'sharpen',
  summary: 'Sharpen with a 3x3 kernel: fast, and for the finest detail only. Alpha is copied.',
  details: 'convolve with [0 -a 0; -a 1+4a -a; 0 -a 0], a being the amount. For a wider reach see unsharp-mask.',
  params: {
    amount: number({ default: 1, min: 0, max: 8, summary: '0 leaves the image as it is.' }),
    ...borderParams,
  },
  window: ({ amount: a }) => ({ width: 3, height: 3, weights: [0, -a, 0, -a, 1 + 4 * a, -a, 0, -a, 0], offset: 0 }),
  cases: [{ amount: 0 }, { amount: 0.3 }, { amount: 8, border: 'reflect-101' }],
})
