// What a call costs by itself, on images so small that it shows.
import { type Step, boxBlur, gaussianBlur, invert, median, resize, sepia } from '../../src/index.js'
import type { Contender } from '../contender.js'
import { openOwn } from '../contenders/own.js'
import { pictureOf } from '../pictures.js'
import { digits } from '../report/text.js'
import type { Section } from '../section.js'
import { type Sample, pointsOf, sample } from './lines.js'

const SIDES = [16, 32, 64, 96, 128, 192, 256]
const SMOKE_SIDES = [8, 16, 24]

const WORK: readonly { readonly name: string; readonly steps: (side: number) => readonly Step[] }[] = [
  { name: 'invert', steps: () => [invert()] },
  { name: 'sepia', steps: () => [sepia()] },
  { name: 'box blur 2', steps: () => [boxBlur({ radius: 2 })] },
  { name: 'gaussian 1', steps: () => [gaussianBlur({ sigma: 1 })] },
  { name: 'median 3x3', steps: () => [median({ radius: 1 })] },
  { name: 'resize to half', steps: (side) => [resize({ width: side / 2, height: side / 2 })] },
]

export interface SmallData {
  /** Along the side of a square. */
  readonly samples: readonly Sample[]
}

export const small: Section<SmallData> = {
  name: 'small',
  title: 'Small images',
  about:
    "Microseconds of a call on the caller's thread, resident images. The line through the times against pixels and rows meets an image without any at what the call costs " +
    'by itself, over the kernels: at most 20 microseconds is the aim.',
  async measure(setting) {
    const opened = await openOwn('wasm-inline', 0)
    if (typeof opened === 'string') throw new Error(opened)
    const contender = opened.find(({ memory }) => memory === 'resident') as Contender
    const samples: Sample[] = []
    try {
      for (const { name, steps } of WORK) {
        setting.log(name)
        const entries = (setting.smoke ? SMOKE_SIDES : SIDES).map((side) => ({ contender, series: name, at: side, image: pictureOf(side, side, 4), steps: steps(side) }))
        samples.push(...(await sample(entries, setting)))
      }
    } finally {
      await contender.close()
    }
    return { samples }
  },
  tables({ samples }) {
    const sides = [...new Set(samples.map(({ at }) => at))]
    return [
      {
        title: "Microseconds of a call on the caller's thread; resident images",
        columns: ['steps', 'over the kernels', ...sides.map((side) => `${side} x ${side}`)],
        rows: overheadsOf(samples).map(({ series, milliseconds, own }) => [series, digits(1000 * milliseconds), ...own.map(({ time }) => digits(1000 * time.median))]),
      },
    ]
  },
  charts: ({ samples }) => [
    {
      kind: 'lines',
      title: "A call on the caller's thread",
      along: { label: 'side of the square' },
      values: { label: 'microseconds', log: true },
      points: pointsOf(samples, () => 1000),
    },
  ],
}

/** What a call of each kind of steps costs over its kernels. */
export const overheadsOf = (samples: readonly Sample[]): readonly { readonly series: string; readonly milliseconds: number; readonly own: readonly Sample[] }[] =>
  [...new Set(samples.map(({ series }) => series))].map((series) => {
    const own = samples.filter((one) => one.series === series)
    return { series, milliseconds: overheadOf(own), own }
  })

/** Where the curve time = c + a side + b side^2, of least squares of relative errors, has a side of 0. */
function overheadOf(samples: readonly Sample[]): number {
  // Normal equations, of 3 unknowns.
  const m = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  for (const { at, time } of samples) {
    const terms = [1, at, at * at].map((term) => term / time.median)
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) m[i * 4 + j]! += (terms[i] as number) * (terms[j] as number)
      m[i * 4 + 3]! += terms[i] as number
    }
  }
  const determinant = (columns: readonly [number, number, number]): number => {
    const e = (row: number, column: number): number => m[row * 4 + (columns[column] as number)] as number
    return (
      e(0, 0) * (e(1, 1) * e(2, 2) - e(1, 2) * e(2, 1)) - e(0, 1) * (e(1, 0) * e(2, 2) - e(1, 2) * e(2, 0)) + e(0, 2) * (e(1, 0) * e(2, 1) - e(1, 1) * e(2, 0))
    )
  }
  return determinant([3, 1, 2]) / determinant([0, 1, 2])
}
