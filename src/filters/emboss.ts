import { borderParams, number } from '../params.js'
import { defineConvolution } from './convolution.js'

export const emboss = defineConvolution({
  name: 'emboss',
  summary: 'Relief, as if lit from the top left. Alpha is copied.',
  details: 'convolve with [-2a -a 0; -a 1 a; 0 a 2a], a being the amount: flat areas keep their colour.',
  params: {
    amount: number({ default: 1, min: 0, max: 8, summary: 'Depth of the relief; 0 leaves the image as it is.' }),
    ...borderParams,
  },
  window: ({ amount: a }) => ({ width: 3, height: 3, weights: [-2 * a, -a, 0, -a, 1, a, 0, a, 2 * a], offset: 0 }),
  cases: [{ amount: 0 }, { amount: 0.7 }, { amount: 8, border: 'wrap' }],
})
