import { number } from '../params.js'
import { colourRows, defineMatrix } from './matrix.js'

export const sepia = defineMatrix({
  name: 'sepia',
  summary: 'The brown of old photographs, as CSS sepia().',
  details: 'The matrix of the [Filter Effects specification](https://www.w3.org/TR/filter-effects-1/#sepiaEquivalent).',
  params: {
    amount: number({ default: 1, min: 0, max: 1, summary: '0 leaves the image as it is, 1 is fully sepia.' }),
  },
  matrix: ({ amount }) => {
    const rest = 1 - amount
    return colourRows([
      [0.393 + 0.607 * rest, 0.769 - 0.769 * rest, 0.189 - 0.189 * rest],
      [0.349 - 0.349 * rest, 0.686 + 0.314 * rest, 0.168 - 0.168 * rest],
      [0.272 - 0.272 * rest, 0.534 - 0.534 * rest, 0.131 + 0.869 * rest],
    ])
  },
  cases: [{ amount: 0.5 }, { amount: 0 }],
})
