import { integer } from '../params.js'
import { defineFilter } from './define.js'
import { mapColour } from './maths.js'

export const solarize = defineFilter({
  name: 'solarize',
  summary: 'Invert colour levels from a value upwards.',
  params: {
    value: integer({ default: 128, min: 0, max: 255, summary: 'The lowest level that is inverted.' }),
  },
  stages: ({ value }) => [{ kernel: 'solarize', kind: 'point', params: { value }, work: 0.2 }],
  reference: (image, { value }) => mapColour(image, (c) => (c >= value ? 255 - c : c)),
  cases: [{ value: 0 }, { value: 200 }],
})
