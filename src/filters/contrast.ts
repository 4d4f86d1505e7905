import { number } from '../params.js'
import { defineCurve } from './curve.js'

export const contrast = defineCurve({
  name: 'contrast',
  summary: 'Move colour levels away from mid grey or towards it, as CSS contrast().',
  details:
    '(c - 127.5) * amount + 127.5, as in the [Filter Effects specification](https://www.w3.org/TR/filter-effects-1/#contrastEquivalent).',
  params: {
    amount: number({ default: 1, min: 0, max: 8, summary: '0 is mid grey, 1 leaves the image as it is.' }),
  },
  curve: ({ amount }) => (c) => (c - 127.5) * amount + 127.5,
  cases: [{ amount: 0 }, { amount: 1.7 }],
})
