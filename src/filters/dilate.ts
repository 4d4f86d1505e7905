import { defineExtreme } from './extreme.js'

export const dilate = defineExtreme({
  name: 'dilate',
  summary: 'The greatest value of a square window, of every channel: bright areas grow.',
  details: 'Morphological dilation, alpha included. The time hardly grows with the radius.',
  pick: Math.max,
})
