// The time of a pixel against the size of the image.
import { type Step, gaussianBlur, invert, luminance, median, sepia, sobel, threshold } from '../../src/index.js'
import { openOwn } from '../contenders/own.js'
import { pictureOf } from '../pictures.js'
import type { Section } from '../section.js'
import { type Sample, pointsOf, sample, tableOf } from './lines.js'

const SIZES = [
  [64, 64],
  [128, 128],
  [256, 256],
  [512, 512],
  [1024, 1024],
  [1920, 1080],
  [3840, 2160],
  [7680, 4320],
] as const
const SMOKE_SIZES = [
  [16, 16],
  [40, 30],
] as const

const WORK: readonly { readonly name: string; readonly steps: readonly Step[] }[] = [
  { name: 'invert', steps: [invert()] },
  { name: 'sepia', steps: [sepia()] },
  { name: 'gaussian 2', steps: [gaussianBlur({ sigma: 2 })] },
  { name: 'median 3x3', steps: [median({ radius: 1 })] },
  { name: 'edges (4 steps)', steps: [luminance(), gaussianBlur({ sigma: 2 }), sobel(), threshold({ value: 40 })] },
]

export interface SizesData {
  /** Along megapixels. */
  readonly samples: readonly Sample[]
}

export const sizes: Section<SizesData> = {
  name: 'sizes',
  title: 'Time of a pixel against the size of the image',
  about: 'Nanoseconds a pixel, resident images, all threads. Flat from one megapixel on is right; below, what a call costs by itself shows. A size beyond 8K takes part where it is asked for.',
  async measure(setting) {
    const opened = await openOwn('wasm', setting.threads)
    if (typeof opened === 'string') throw new Error(opened)
    const contender = opened.find(({ memory }) => memory === 'resident') as (typeof opened)[number]
    const largest = setting.width * setting.height > 7680 * 4320 ? [[setting.width, setting.height] as const] : []
    const samples: Sample[] = []
    try {
      for (const { name, steps } of WORK) {
        for (const [width, height] of setting.smoke ? SMOKE_SIZES : [...SIZES, ...largest]) {
          setting.log(`${name}, ${width} x ${height}`)
          samples.push(...(await sample([{ contender, series: name, at: (width * height) / 1e6, image: pictureOf(width, height, 4), steps }], setting)))
        }
      }
    } finally {
      await contender.close()
    }
    return { samples }
  },
  tables: ({ samples }) => [
    tableOf('Nanoseconds a pixel against megapixels; resident images', samples, ({ at, time }) => time.median / at, (at) => at.toFixed(at < 0.1 ? 4 : at < 1 ? 2 : 1)),
  ],
  charts: ({ samples }) => [
    {
      kind: 'lines',
      title: 'Time of a pixel',
      along: { label: 'megapixels', log: true },
      values: { label: 'nanoseconds a pixel', log: true },
      points: pointsOf(samples, ({ at }) => 1 / at),
    },
  ],
}
