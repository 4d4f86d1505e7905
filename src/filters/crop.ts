import { integer } from '../params.js'
import { MAX_SIDE } from '../image.js'
import { defineFilter } from './define.js'
import { blank } from './maths.js'

export const crop = defineFilter({
  name: 'crop',
  summary: 'Cut out a rectangle.',
  params: {
    left: integer({ min: 0, max: MAX_SIDE, unit: 'px', summary: 'Columns to leave out at the left.' }),
    top: integer({ min: 0, max: MAX_SIDE, unit: 'px', summary: 'Rows to leave out at the top.' }),
    width: integer({ min: 1, max: MAX_SIDE, unit: 'px', summary: 'Columns to keep.' }),
    height: integer({ min: 1, max: MAX_SIDE, unit: 'px', summary: 'Rows to keep.' }),
  },
  fits({ left, top, width, height }, shape) {
    if (left + width <= shape.width && top + height <= shape.height) return undefined
    return `expected the rectangle to lie within the image of ${shape.width} x ${shape.height}, got ${width} x ${height} at ${left}, ${top}`
  },
  shape: ({ width, height }) => ({ width, height }),
  stages: ({ left, top, width, height }, shape) =>
    width === shape.width && height === shape.height
      ? []
      : [{ kernel: 'copy', kind: 'window', shape: { width, height }, rows: { taps: 1, offset: top }, params: { left }, work: 0.2 }],
  reference(image, { left, top, width, height }) {
    const out = blank(width, height, image.channels)
    for (let y = 0; y < height; y++) {
      const from = ((top + y) * image.width + left) * image.channels
      out.data.set(image.data.subarray(from, from + width * image.channels), y * width * image.channels)
    }
    return out
  },
  example: { left: 0, top: 0, width: 1, height: 1 },
  cases: [],
})
