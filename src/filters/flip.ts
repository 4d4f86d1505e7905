import type { Stage } from '../stage.js'
import { defineFilter } from './define.js'
import { rearranged } from './maths.js'

/** The rows of an image in reverse order, for a stage that reads one row. */
export const upsideDown = (height: number): Pick<Stage, 'rows' | 'randomRows'> => ({
  rows: { taps: 1, starts: new Int32Array(height).map((_, y) => height - 1 - y) },
  randomRows: true,
})

export const flip = defineFilter({
  name: 'flip',
  summary: 'Turn upside down: the last row becomes the first.',
  params: {},
  stages: (_, { height }) => [{ kernel: 'copy', kind: 'window', ...upsideDown(height), params: { left: 0 }, work: 0.2 }],
  reference: (image) => rearranged(image, image.width, image.height, (x, y) => [x, image.height - 1 - y]),
  cases: [],
})
