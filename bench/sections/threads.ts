// What more threads gain.
import type { Contender } from '../contender.js'
import { openOwn } from '../contenders/own.js'
import { pictureOf } from '../pictures.js'
import { digits, geometricMean } from '../report/text.js'
import type { Section } from '../section.js'
import { workloads } from '../workloads.js'
import { type Sample, sample } from './lines.js'

const NAMES = ['invert', 'sepia', 'box blur 5', 'gaussian 2', 'median 3x3', 'median 7x7', 'sobel, 1 channel', 'resize by 0.4, lanczos', 'chain: sepia, lut, unsharp mask 3']

export interface ThreadsData {
  readonly width: number
  readonly height: number
  /** Along threads. */
  readonly samples: readonly Sample[]
}

export const threads: Section<ThreadsData> = {
  name: 'threads',
  title: 'Threads',
  about: 'How many times faster more threads are than one, resident images. What is bound by arithmetic should gain in proportion; what is bound by memory cannot.',
  async measure(setting) {
    const { width, height } = setting
    const contenders: { count: number; contender: Contender }[] = []
    for (let count = 1; count <= setting.threads; count++) {
      const opened = await openOwn(`wasm-${count}`, count)
      if (typeof opened === 'string') throw new Error(opened)
      contenders.push({ count, contender: opened.find(({ memory }) => memory === 'resident') as Contender })
    }
    const samples: Sample[] = []
    try {
      for (const { name, steps, channels } of workloads(setting).filter((workload) => NAMES.includes(workload.name))) {
        setting.log(name)
        const image = pictureOf(width, height, channels)
        samples.push(...(await sample(contenders.map(({ count, contender }) => ({ contender, series: name, at: count, image, steps })), setting)))
      }
    } finally {
      for (const { contender } of contenders) await contender.close()
    }
    return { width, height, samples }
  },
  tables({ width, height, samples }) {
    const counts = [...new Set(samples.map(({ at }) => at))]
    const gains = gainsOf(samples)
    const of = (name: string, count: number): number => gains.find((gain) => gain.series === name && gain.at === count)?.value as number
    return [
      {
        title: `Times faster than one thread; resident images of ${width} x ${height}`,
        columns: ['steps', ...counts.map((count) => `${count} threads`), '1 thread ms'],
        rows: [
          ...samples.filter(({ at }) => at === 1).map(({ series, time }) => [series, ...counts.map((count) => digits(of(series, count))), digits(time.median)]),
          ['geometric mean', ...counts.map((count) => digits(geometricMean(gains.filter(({ at }) => at === count).map(({ value }) => value)))), ''],
        ],
      },
    ]
  },
  charts: ({ samples }) => [
    {
      kind: 'lines',
      title: 'Times faster than one thread',
      along: { label: 'threads', whole: true },
      values: { label: 'times faster' },
      points: [...gainsOf(samples), ...[...new Set(samples.map(({ at }) => at))].map((at) => ({ series: 'in proportion', at, value: at }))],
    },
  ],
}

export function gainsOf(samples: readonly Sample[]): { series: string; at: number; value: number }[] {
  return samples.map(({ series, at, time }) => {
    const single = samples.find((one) => one.series === series && one.at === 1) as Sample
    return { series, at, value: single.time.median / time.median }
  })
}
