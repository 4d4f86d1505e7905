import { number } from '../params.js'
import { colourRows, defineMatrix } from './matrix.js'

/** What red, green and blue weigh in the grey that the specification moves colours from. */
const GREY = [0.213, 0.715, 0.072]

export const saturate = defineMatrix({
  name: 'saturate',
  summary: 'Make colours stronger or weaker, as CSS saturate().',
  details: 'The matrix of the [Filter Effects specification](https://www.w3.org/TR/filter-effects-1/#saturateEquivalent). Greys stay exactly what they are.',
  params: {
    amount: number({ default: 1, min: 0, max: 8, summary: '0 is grey, 1 leaves the image as it is.' }),
  },
  grey: 'kept',
  matrix: ({ amount }) => colourRows([0, 1, 2].map((i) => GREY.map((weight, j) => weight * (1 - amount) + (i === j ? amount : 0)))),
  cases: [{ amount: 0 }, { amount: 2.5 }, { amount: 8 }],
})
