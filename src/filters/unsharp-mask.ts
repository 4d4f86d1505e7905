import { borderParams, number } from '../params.js'
import { defineFilter } from './define.js'
import { blurReference, blurStages, sigmaParam } from './gaussian-blur.js'
import { mapColour, round } from './maths.js'

export const unsharpMask = defineFilter({
  name: 'unsharp-mask',
  summary: 'Sharpen: add back what a Gaussian blur takes away. Alpha is copied.',
  details:
    'c + amount (c - blur) where |c - blur| is more than the threshold; `blur` is the result of gaussian-blur, so that ' +
    'transparent pixels lend no colour to their neighbours. The amount is a fraction of 256.',
  params: {
    sigma: sigmaParam,
    amount: number({ default: 1, min: 0, max: 10, summary: 'How much of the difference is added.' }),
    threshold: number({ default: 0, min: 0, max: 255, summary: 'Differences up to this are left alone.' }),
    ...borderParams,
  },
  stages(values, context) {
    const blur = blurStages(values, context)
    if (blur.length === 0) return []
    const params = { amount: round(values.amount * 256), threshold: Math.floor(values.threshold) }
    return [...blur, { kernel: 'unsharp_mask', kind: 'point', join: -1, params, work: 0.8 }]
  },
  reference(image, values) {
    const blurred = blurReference(image, values)
    const amount = round(values.amount * 256)
    return mapColour(image, (c, _, index) => {
      const d = c - (blurred.data[index] as number)
      return Math.abs(d) > values.threshold ? (256 * c + amount * d) / 256 : c
    })
  },
  cases: [{ sigma: 2, amount: 0.5 }, { sigma: 3, amount: 10, threshold: 8.5 }],
})
