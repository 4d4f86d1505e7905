import { lookUp } from './curve.js'
import { defineFilter } from './define.js'
import { histogramStage } from './histogram.js'
import { mapColour } from './maths.js'

/** OpenCV's formula for one channel: levels in proportion to how many pixels are darker. */
function equalised(counts: ArrayLike<number>): Uint8Array {
  const table = new Uint8Array(256)
  let lowest = 0
  while (lowest < 255 && counts[lowest] === 0) lowest++
  let rest = 0
  for (let level = lowest + 1; level < 256; level++) rest += counts[level] as number
  // A flat channel stays as it is.
  if (rest === 0) return table.map((_, level) => level)
  let sum = 0
  for (let level = lowest + 1; level < 256; level++) {
    sum += counts[level] as number
    // Below 2^41, so exact in a double.
    table[level] = Math.floor((255 * sum + Math.floor(rest / 2)) / rest)
  }
  return table
}

/** One table after the other, for as many channels as were counted; alpha keeps its levels. */
function equalisedTable(counts: Uint32Array): Uint8Array {
  const table = new Uint8Array(counts.length)
  for (let from = 0; from < counts.length; from += 256) {
    table.set(from === 768 ? table.subarray(0, 256).map((_, level) => level) : equalised(counts.subarray(from, from + 256)), from)
  }
  return table
}

export const equalize = defineFilter({
  name: 'equalize',
  summary: 'Histogram equalisation of every colour channel, by OpenCV\'s formula. Alpha is copied.',
  details:
    'With h the histogram of a channel, n its pixels and m its lowest level: level v becomes ' +
    'round(255 (h[m+1] + … + h[v]) / (n - h[m])), in integers, half up. A channel with one level is left alone.',
  params: {},
  stages: (_, { channels }) => [
    histogramStage(channels, { table: equalisedTable, tableSize: channels * 256, shader: 'equalize_table', params: [] }),
    { ...lookUp({ reduction: 0 }, channels), input: -1 },
  ],
  reference(image) {
    const tables = Array.from({ length: Math.min(image.channels, 3) }, (_, channel) => {
      const counts = new Array<number>(256).fill(0)
      for (let i = channel; i < image.data.length; i += image.channels) counts[image.data[i] as number]!++
      return equalised(counts)
    })
    return mapColour(image, (level, channel) => tables[channel]?.[level] as number)
  },
  cases: [],
})
