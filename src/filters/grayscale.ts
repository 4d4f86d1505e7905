import { number } from '../params.js'
import { LUMA, lumaParam } from './luminance.js'
import { colourRows, defineMatrix } from './matrix.js'

export const grayscale = defineMatrix({
  name: 'grayscale',
  summary: 'Take the colour away and keep the channels: CSS grayscale().',
  details:
    'Each colour channel c becomes (1 - amount) c + amount (wr r + wg g + wb b): with the weights of bt709 the matrix of the ' +
    '[Filter Effects specification](https://www.w3.org/TR/filter-effects-1/#grayscaleEquivalent). Alpha is copied. ' +
    'At amount 1 the levels are those of `luminance`.',
  params: {
    weights: lumaParam,
    amount: number({ default: 1, min: 0, max: 1, summary: '0 leaves the image as it is, 1 is fully grey.' }),
  },
  grey: 'kept',
  matrix: ({ weights, amount }) =>
    colourRows([0, 1, 2].map((i) => LUMA[weights].map((weight, j) => (i === j ? 1 - amount : 0) + amount * weight))),
  cases: [{ weights: 'bt601' }, { weights: 'average', amount: 0.6 }],
})
