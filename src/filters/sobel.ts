import { borderParams, choice } from '../params.js'
import { defineFilter } from './define.js'
import { at, mapColour } from './maths.js'

const OUTPUTS = ['magnitude', 'x', 'y'] as const

export const sobel = defineFilter({
  name: 'sobel',
  summary: 'Edges: the 3x3 Sobel gradient of every colour channel. Alpha is copied.',
  details:
    'gx = [-1 0 1; -2 0 2; -1 0 1], gy its transpose. `magnitude` is sqrt(gx^2 + gy^2) rounded to the nearest; ' +
    '`x` and `y` are |gx| and |gy|. All are clamped to 255.',
  params: {
    output: choice({ options: OUTPUTS, default: 'magnitude', summary: 'Which part of the gradient.' }),
    ...borderParams,
  },
  stages: ({ output, border, fill }) => [
    {
      kernel: 'sobel',
      kind: 'window',
      rows: { taps: 3, offset: -1 },
      columns: { left: 1, right: 1 },
      border,
      fill,
      params: { output: OUTPUTS.indexOf(output) },
      work: output === 'magnitude' ? 2 : 0.9,
    },
  ],
  reference(image, { output, border, fill }) {
    return mapColour(image, (_, c, index) => {
      const x = Math.floor(index / image.channels) % image.width
      const y = Math.floor(index / image.channels / image.width)
      const p = (dx: number, dy: number): number => at(image, x + dx, y + dy, c, border, fill)
      const gx = p(1, -1) - p(-1, -1) + 2 * (p(1, 0) - p(-1, 0)) + p(1, 1) - p(-1, 1)
      const gy = p(-1, 1) - p(-1, -1) + 2 * (p(0, 1) - p(0, -1)) + p(1, 1) - p(1, -1)
      return output === 'x' ? Math.abs(gx) : output === 'y' ? Math.abs(gy) : Math.sqrt(gx * gx + gy * gy)
    })
  },
  cases: [{ output: 'x' }, { output: 'y', border: 'reflect-101' }],
})
