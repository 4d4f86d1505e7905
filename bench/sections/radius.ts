// The time against the radius.
import { type Step, boxBlur, erode, gaussianBlur, median } from '../../src/index.js'
import type { Contender } from '../contender.js'
import { openOwn } from '../contenders/own.js'
import { opencv } from '../peers/opencv.js'
import { pictureOf } from '../pictures.js'
import type { Section } from '../section.js'
import { type Sample, pointsOf, sample, tableOf } from './lines.js'

const RADII = [1, 2, 3, 5, 8, 12, 16, 24, 32, 50]
const SMOKE_RADII = [1, 3]

const WORK: readonly { readonly name: string; readonly steps: (radius: number) => readonly Step[] }[] = [
  { name: 'box blur', steps: (radius) => [boxBlur({ radius })] },
  // Where OpenCV ends its kernel.
  { name: 'gaussian, sigma = radius / 3', steps: (radius) => [gaussianBlur({ sigma: radius / 3 })] },
  { name: 'median', steps: (radius) => [median({ radius })] },
  { name: 'erode', steps: (radius) => [erode({ radius })] },
]

export interface RadiusData {
  readonly width: number
  readonly height: number
  readonly samples: readonly Sample[]
}

export const radius: Section<RadiusData> = {
  name: 'radius',
  title: 'Time against the radius',
  about: 'Milliseconds of a call, resident images, all threads; native OpenCV beside it where it was asked for. Flat beyond radius 16 is the aim.',
  async measure(setting) {
    // A quarter of the pixels tell the same in a quarter of the time.
    const [width, height] = setting.smoke ? [setting.width, setting.height] : [setting.width >> 1, setting.height >> 1]
    const opened = await openOwn('wasm', setting.threads)
    if (typeof opened === 'string') throw new Error(opened)
    const own = opened.find(({ memory }) => memory === 'resident') as Contender
    const other = setting.peers.includes(opencv.name) ? await opencv.open(setting) : 'not asked for'
    const contenders = typeof other === 'string' ? [own] : [own, other]
    const samples: Sample[] = []
    try {
      for (const { name, steps } of WORK) {
        for (const at of setting.smoke ? SMOKE_RADII : RADII) {
          setting.log(`${name}, radius ${at}`)
          const image = pictureOf(width, height, 4)
          const entries = contenders.map((contender) => ({
            contender,
            series: contender === own ? name : `${name}, ${contender.name}`,
            at,
            image,
            steps: steps(at),
          }))
          samples.push(...(await sample(entries, setting)))
        }
      }
    } finally {
      for (const contender of contenders) await contender.close()
    }
    return { width, height, samples }
  },
  tables: ({ width, height, samples }) => [
    tableOf(`Milliseconds against radius; resident images of ${width} x ${height}`, samples, ({ time }) => time.median, String),
  ],
  charts: ({ width, height, samples }) =>
    WORK.map(({ name }) => ({
      kind: 'lines',
      title: `${name}, ${width} x ${height}`,
      along: { label: 'radius' },
      values: { label: 'milliseconds', log: true },
      points: pointsOf(
        samples.filter(({ series }) => series.startsWith(name)).map((one) => ({ ...one, series: one.series === name ? 'isopix' : one.series.slice(name.length + 2) })),
        () => 1,
      ),
    })),
}
