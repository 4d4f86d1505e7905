// A quantity along another, for several kinds of steps: what the sections of sizes, radii and threads have in common.
import type { Image, Step } from '../../src/index.js'
import type { Contender, Prepared } from '../contender.js'
import type { LinesChart, Table } from '../report/chart.js'
import { digits } from '../report/text.js'
import { type Patience, type Summary, alternate, summarise } from '../timing.js'
import { expectedOf, verify } from '../verify.js'

export interface Sample {
  readonly series: string
  readonly at: number
  readonly time: Summary
}

export interface Entry {
  readonly contender: Contender
  readonly series: string
  readonly at: number
  readonly image: Image
  readonly steps: readonly Step[]
}

/** Times entries in turn, whose bytes are checked first where they have to be exact; those that a contender cannot do are left out. */
export async function sample(entries: readonly Entry[], patience: Patience): Promise<Sample[]> {
  const ready: { entry: Entry; prepared: Prepared }[] = []
  for (const entry of entries) {
    const { contender, series, steps, image } = entry
    if (contender.exact) await verify(contender, series, await expectedOf(steps, image.channels))
    const prepared = await contender.prepare(image, steps)
    if (prepared !== undefined) ready.push({ entry, prepared })
  }
  const samples = await alternate(ready.map(({ prepared }) => prepared), patience)
  for (const { prepared } of ready) await prepared.dispose()
  return ready.map(({ entry: { series, at } }, index) => ({ series, at, time: summarise(samples[index] as number[]) }))
}

/** One row for each series, one column for each place along the axis. */
export function tableOf(title: string, samples: readonly Sample[], value: (sample: Sample) => number, label: (at: number) => string): Table {
  const places = [...new Set(samples.map(({ at }) => at))].sort((a, b) => a - b)
  const series = [...new Set(samples.map((one) => one.series))]
  const cell = (name: string, place: number): string => {
    const found = samples.find((one) => one.series === name && one.at === place)
    return found === undefined ? '' : digits(value(found))
  }
  return { title, columns: ['steps', ...places.map(label)], rows: series.map((name) => [name, ...places.map((place) => cell(name, place))]) }
}

export function pointsOf(samples: readonly Sample[], factor: (sample: Sample) => number): LinesChart['points'] {
  return samples.map((one) => {
    const scale = factor(one)
    return { series: one.series, at: one.at, value: one.time.median * scale, low: one.time.low * scale, high: one.time.high * scale }
  })
}
