import { defineFilter } from './define.js'
import { rearranged } from './maths.js'

export const flop = defineFilter({
  name: 'flop',
  summary: 'Mirror: the last column becomes the first.',
  params: {},
  stages: () => [{ kernel: 'flop', kind: 'window', work: 0.2 }],
  reference: (image) => rearranged(image, image.width, image.height, (x, y) => [image.width - 1 - x, y]),
  cases: [],
})
