import { number } from '../params.js'
import { defineCurve } from './curve.js'

const level = (fallback: number, summary: string) => number({ default: fallback, min: 0, max: 255, summary })

export const levels = defineCurve({
  name: 'levels',
  summary: 'Stretch the levels between two of them to two others, with gamma between, as in photo editors.',
  details:
    't = (c - inBlack) / (inWhite - inBlack), clamped to 0..1; the level is outBlack + t^(1 / gamma) (outWhite - outBlack). ' +
    'Where outBlack is above outWhite the image is inverted.',
  params: {
    inBlack: level(0, 'Levels up to this become outBlack.'),
    inWhite: level(255, 'Levels from this upwards become outWhite.'),
    gamma: number({ default: 1, min: 0.1, max: 10, summary: 'Above 1 lightens the middle, below 1 darkens it.' }),
    outBlack: level(0, 'What inBlack becomes.'),
    outWhite: level(255, 'What inWhite becomes.'),
  },
  check({ inBlack, inWhite }) {
    return inBlack < inWhite ? undefined : `expected inBlack to be less than inWhite, got ${inBlack} and ${inWhite}`
  },
  curve: ({ inBlack, inWhite, gamma, outBlack, outWhite }) => (c) => {
    const t = Math.min(1, Math.max(0, (c - inBlack) / (inWhite - inBlack)))
    return outBlack + t ** (1 / gamma) * (outWhite - outBlack)
  },
  cases: [{ inBlack: 20.5, inWhite: 230, gamma: 1.4 }, { gamma: 0.5, outBlack: 240, outWhite: 16 }],
})
