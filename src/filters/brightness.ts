import { number } from '../params.js'
import { defineCurve } from './curve.js'

export const brightness = defineCurve({
  name: 'brightness',
  summary: 'Multiply colour by a factor, as CSS brightness().',
  details: 'c * amount, as in the [Filter Effects specification](https://www.w3.org/TR/filter-effects-1/#brightnessEquivalent).',
  params: {
    amount: number({ default: 1, min: 0, max: 8, summary: '0 is black, 1 leaves the image as it is.' }),
  },
  curve: ({ amount }) => (c) => c * amount,
  cases: [{ amount: 0 }, { amount: 1.3 }, { amount: 8 }],
})
