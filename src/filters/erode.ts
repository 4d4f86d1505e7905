import { defineExtreme } from './extreme.js'

export const erode = defineExtreme({
  name: 'erode',
  summary: 'The least value of a square window, of every channel: dark areas grow.',
  details: 'Morphological erosion, alpha included. The time hardly grows with the radius.',
  pick: Math.min,
})
