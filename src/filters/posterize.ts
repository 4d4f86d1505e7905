import { integer } from '../params.js'
import { defineCurve } from './curve.js'

export const posterize = defineCurve({
  name: 'posterize',
  summary: 'Leave only a few levels of each colour.',
  details: 'floor(c * levels / 256) * 255 / (levels - 1).',
  params: {
    levels: integer({ default: 4, min: 2, max: 256, summary: 'How many levels are left; 256 leaves the image as it is.' }),
  },
  curve: ({ levels }) => (c) => (Math.floor((c * levels) / 256) * 255) / (levels - 1),
  cases: [{ levels: 2 }, { levels: 7 }, { levels: 256 }],
})
