import { number } from '../params.js'
import { defineCurve } from './curve.js'

export const gamma = defineCurve({
  name: 'gamma',
  summary: 'Gamma correction: lighten or darken the middle and leave black and white where they are.',
  details: '255 (c / 255)^(1 / gamma).',
  params: {
    gamma: number({ default: 2.2, min: 0.1, max: 10, summary: 'Above 1 lightens, below 1 darkens.' }),
  },
  curve: ({ gamma }) => (c) => 255 * (c / 255) ** (1 / gamma),
  cases: [{ gamma: 0.45 }, { gamma: 10 }],
})
