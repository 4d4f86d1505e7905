// From which size on a GPU is faster.
import { type Step, gaussianBlur, luminance, median, sepia, sobel, threshold, unsharpMask } from '../../src/index.js'
import { type Missing, openBackends } from '../contenders/index.js'
import { pictureOf } from '../pictures.js'
import type { Section } from '../section.js'
import { type Sample, pointsOf, sample, tableOf } from './lines.js'

const SIZES = [
  [64, 64],
  [256, 256],
  [640, 480],
  [1280, 720],
  [1920, 1080],
  [3840, 2160],
] as const
/** Who takes longer is not timed on what is larger still. */
const TOO_LONG_MS = 500
const SMOKE_SIZES = [
  [16, 16],
  [40, 30],
] as const

const WORK: readonly { readonly name: string; readonly steps: readonly Step[] }[] = [
  { name: 'sepia', steps: [sepia()] },
  { name: 'gaussian 2', steps: [gaussianBlur({ sigma: 2 })] },
  { name: 'median 7x7', steps: [median({ radius: 3 })] },
  { name: 'edges (4 steps)', steps: [luminance(), gaussianBlur({ sigma: 2 }), sobel(), threshold({ value: 40 })] },
  { name: 'sepia, unsharp mask 3', steps: [sepia(), unsharpMask({ sigma: 3 })] },
]

export interface CrossoverData {
  readonly backends: readonly { readonly name: string; readonly about: string }[]
  readonly missing: readonly Missing[]
  /** Along megapixels. */
  readonly samples: readonly Sample[]
}

export const crossover: Section<CrossoverData> = {
  name: 'crossover',
  title: 'Wasm and WebGPU',
  about:
    'Milliseconds of a call against megapixels, ordinary images, so that the way to the GPU and back counts. Where the lines cross, the GPU becomes the faster one; ' +
    'on a GPU that is a program on the CPU they need not.',
  async measure(setting) {
    const { contenders, missing, close } = await openBackends(['wasm', 'webgpu'], setting.threads)
    const ordinary = contenders.filter(({ memory }) => memory === 'ordinary')
    const samples: Sample[] = []
    try {
      for (const { name, steps } of WORK) {
        let entered = ordinary
        for (const [width, height] of setting.smoke ? SMOKE_SIZES : SIZES) {
          setting.log(`${name}, ${width} x ${height}`)
          const image = pictureOf(width, height, 4)
          const entries = entered.map((contender) => ({ contender, series: `${name}, ${contender.name}`, at: (width * height) / 1e6, image, steps }))
          const found = await sample(entries, setting)
          samples.push(...found)
          entered = entered.filter((_, index) => (found[index] as Sample).time.median < TOO_LONG_MS)
        }
      }
    } finally {
      await close()
    }
    return { backends: ordinary.map(({ name, about }) => ({ name, about })), missing, samples }
  },
  tables: ({ backends, missing, samples }) => [
    {
      ...tableOf('Milliseconds against megapixels; ordinary images', samples, ({ time }) => time.median, (at) => at.toFixed(at < 0.1 ? 4 : 2)),
      notes: [...backends.map(({ name, about }) => `${name}: ${about}`), ...missing.map(({ name, reason }) => `${name} is not timed: ${reason}`)],
    },
  ],
  charts: ({ samples }) =>
    WORK.map(({ name }) => ({
      kind: 'lines',
      title: name,
      along: { label: 'megapixels', log: true },
      values: { label: 'milliseconds', log: true },
      points: pointsOf(
        samples.filter(({ series }) => stepsOf(series) === name).map((one) => ({ ...one, series: one.series.slice(name.length + 2) })),
        () => 1,
      ),
    })),
}

/** What stands before the backend. */
const stepsOf = (series: string): string => series.slice(0, series.lastIndexOf(', '))
