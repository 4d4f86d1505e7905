import { list } from '../params.js'
import { lookUp } from './curve.js'
import { defineFilter } from './define.js'
import { mapAll } from './maths.js'

const LEVELS = 256
const OPAQUE = 255

/** What `table` gives for a level of a channel: a single part is for all colours, and only a fourth is for alpha. */
const look = (table: readonly number[], level: number, channel: number): number => {
  if (channel === 3 && table.length < 4 * LEVELS) return level
  return table[(table.length === LEVELS ? 0 : channel * LEVELS) + level] as number
}

const solarize = Array.from({ length: LEVELS }, (_, level) => (level < 128 ? level : 255 - level))
const steps = [16, 40, 100].flatMap((step) => solarize.map((_, level) => level - (level % step)))

export const lut = defineFilter({
  name: 'lut',
  summary: 'Look every level up in a table.',
  details: '256 entries serve all colours; 768 are for red, green and blue in turn; 1024 for alpha too, which else is copied.',
  params: {
    table: list({
      lengths: [LEVELS, 3 * LEVELS, 4 * LEVELS],
      min: 0,
      max: 255,
      integer: true,
      summary: 'The new level of each level from 0 to 255, once for all colours or channel by channel.',
    }),
  },
  fits({ table }, { channels }) {
    if (channels > 1 || table.length === LEVELS) return undefined
    return `expected a table of ${LEVELS} entries for an image with 1 channel, got ${table.length}`
  },
  keepsOpaque: ({ table }) => look(table, OPAQUE, 3) === OPAQUE,
  stages: ({ table }, { channels }) => [
    lookUp(new Uint8Array(channels * LEVELS).map((_, i) => look(table, i % LEVELS, Math.floor(i / LEVELS))), channels),
  ],
  reference: (image, { table }) => mapAll(image, (level, channel) => look(table, level, channel)),
  example: { table: solarize },
  cases: [{ table: steps }, { table: [...steps, ...solarize] }, { table: [...steps, ...solarize.map((level) => 255 - level)] }],
})
