import { number } from '../params.js'
import { defineCurve } from './curve.js'

export const linear = defineCurve({
  name: 'linear',
  summary: 'Multiply every colour level and add to it.',
  details: 'scale * c + offset.',
  params: {
    scale: number({ default: 1, min: -256, max: 256, summary: 'What levels are multiplied by.' }),
    offset: number({ default: 0, min: -65536, max: 65536, summary: 'What is added, in levels.' }),
  },
  curve: ({ scale, offset }) => (c) => scale * c + offset,
  cases: [{ scale: 1.5, offset: -30.25 }, { scale: -1, offset: 255 }],
})
