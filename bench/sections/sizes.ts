// The time of a pixel against the size of the image.
import { type Step, gaussianBlur, invert, luminance, median, sepia, sobel, threshold } from '../../src/index.js'
import { type Prepared, clock } from '../contender.js'
import { openOwn } from '../contenders/own.js'
import { pictureOf } from '../pictures.js'
import type { Section } from '../section.js'
import { type Patience, alternate, summarise } from '../timing.js'
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
  [11_600, 8_620],
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

/** The name of what only copies. */
export const SIZES_COPY = 'a copy, one thread'

async function sampleCopy(width: number, height: number, patience: Patience): Promise<Sample> {
  const [from, to] = [new Uint8Array(width * height * 4).fill(1), new Uint8Array(width * height * 4)]
  const copy: Pick<Prepared, 'time'> = { time: (calls) => clock(calls, () => to.set(from)) }
  const [times] = (await alternate([copy], patience)) as [number[]]
  return { series: SIZES_COPY, at: (width * height) / 1e6, time: summarise(times) }
}

export const sizes: Section<SizesData> = {
  name: 'sizes',
  title: 'Time of a pixel against the size of the image',
  about: 'Nanoseconds a pixel, resident images, all threads. Flat from one megapixel on is right; below, what a call costs by itself shows. Beside it one thread copies as many bytes, so that it shows where the memory itself is slower.',
  async measure(setting) {
    const opened = await openOwn('wasm', setting.threads)
    if (typeof opened === 'string') throw new Error(opened)
    const contender = opened.find(({ memory }) => memory === 'resident') as (typeof opened)[number]
    const samples: Sample[] = []
    try {
      for (const { name, steps } of WORK) {
        for (const [width, height] of setting.smoke ? SMOKE_SIZES : SIZES) {
          setting.log(`${name}, ${width} x ${height}`)
          samples.push(...(await sample([{ contender, series: name, at: (width * height) / 1e6, image: pictureOf(width, height, 4), steps }], setting)))
        }
      }
      for (const [width, height] of setting.smoke ? SMOKE_SIZES : SIZES) samples.push(await sampleCopy(width, height, setting))
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
