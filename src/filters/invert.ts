import { defineCurve } from './curve.js'

export const invert = defineCurve({
  name: 'invert',
  summary: 'Negative: every colour level c becomes 255 - c.',
  params: {},
  curve: () => (c) => 255 - c,
  cases: [],
})
