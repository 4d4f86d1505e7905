import { number } from '../params.js'
import { defineCurve } from './curve.js'

export const threshold = defineCurve({
  name: 'threshold',
  summary: 'Colour levels from a value upwards become 255, all others 0.',
  params: {
    value: number({ default: 128, min: 0, max: 255, summary: 'The lowest level that becomes 255.' }),
  },
  curve: ({ value }) => (c) => (c >= value ? 255 : 0),
  cases: [{ value: 0 }, { value: 40 }, { value: 255 }],
})
