// The backends of isopix against each other: shared by the sections of filters and of chains.
import type { Step } from '../../src/index.js'
import { type Missing, openBackends } from '../contenders/index.js'
import type { Contender, Memory, Prepared } from '../contender.js'
import { digestOf } from '../difference.js'
import { pictureOf } from '../pictures.js'
import type { Chart, Table } from '../report/chart.js'
import { digits } from '../report/text.js'
import type { Setting } from '../section.js'
import { type Summary, alternate, spread, summarise } from '../timing.js'
import { expectedOf, verify } from '../verify.js'

export interface BackendsData {
  readonly width: number
  readonly height: number
  readonly backends: readonly { readonly name: string; readonly about: string }[]
  readonly missing: readonly Missing[]
  readonly rows: readonly Row[]
}

interface Row {
  readonly name: string
  readonly backend: string
  readonly memory: Memory
  readonly time: Summary
}

interface Named {
  readonly name: string
  readonly steps: readonly Step[]
}

/** Each of the steps on each of the backends, in turn. */
export async function measureBackends(all: readonly Named[], setting: Setting): Promise<BackendsData> {
  const { width, height } = setting
  const { contenders, missing, close } = await openBackends(setting.backends, setting.threads)
  const fitting = contenders.filter(({ mostMegapixels = Infinity }) => width * height <= mostMegapixels * 1e6)
  const rows: Row[] = []
  try {
    const image = pictureOf(width, height, 4)
    for (const { name, steps } of all) {
      setting.log(name)
      const expected = await expectedOf(steps, 4)
      for (const contender of fitting) await verify(contender, name, expected)
      const prepared: Prepared[] = []
      for (const contender of fitting) prepared.push((await contender.prepare(image, steps)) as Prepared)
      await checkAgreement(name, fitting, prepared)
      const samples = await alternate(prepared, setting)
      for (const one of prepared) await one.dispose()
      rows.push(...fitting.map(({ name: backend, memory }, index) => ({ name, backend, memory, time: summarise(samples[index] as number[]) })))
    }
  } finally {
    await close()
  }
  const named = new Map(contenders.map(({ name, about }) => [name, about]))
  return { width, height, backends: [...named].map(([name, about]) => ({ name, about })), missing, rows }
}

/** A small image may be too little work for threads; the large one has to come out the same everywhere, too. */
async function checkAgreement(what: string, contenders: readonly Contender[], prepared: readonly Prepared[]): Promise<void> {
  let expected: string | undefined
  for (const [index, one] of prepared.entries()) {
    await one.time(1)
    const actual = (await one.digest?.()) ?? (await digestOf(await one.result()))
    expected ??= actual
    if (expected !== actual) throw new Error(`${nameOf(contenders[index])} and ${nameOf(contenders[0])} give different bytes: ${what}; nothing is timed`)
  }
}

const nameOf = (contender: Contender | undefined): string => `${contender?.name}, ${contender?.memory}`

const columnOf = ({ backend, memory }: Row): string => (memory === 'resident' ? `${backend}, resident` : backend)

export function backendTables(title: string, { width, height, backends, missing, rows }: BackendsData): readonly Table[] {
  const columns = [...new Set(rows.map(columnOf))]
  const names = [...new Set(rows.map(({ name }) => name))]
  const find = (name: string, column: string): Row | undefined => rows.find((row) => row.name === name && columnOf(row) === column)
  const noise = summarise(rows.map(({ time }) => spread(time)))
  return [
    {
      title: `${title}: milliseconds on ${width} x ${height}, 4 channels, ordinary and resident images`,
      columns: ['steps', 'fastest', ...columns],
      rows: names.map((name) => {
        const own = rows.filter((row) => row.name === name).sort((a, b) => a.time.median - b.time.median)
        return [name, own[0] === undefined ? '' : columnOf(own[0]), ...columns.map((column) => digits(find(name, column)?.time.median ?? 0))]
      }),
      notes: [
        ...backends.map(({ name, about }) => `${name}: ${about}`),
        ...missing.map(({ name, reason }) => `${name} is not timed: ${reason}`),
        `noise: quartiles lie ${(100 * noise.median).toFixed(0)} % of the median apart, half of the timings ${(100 * noise.low).toFixed(0)} to ${(100 * noise.high).toFixed(0)} %`,
      ],
    },
  ]
}

export function backendCharts(title: string, { rows, width, height }: BackendsData): readonly Chart[] {
  return [
    {
      kind: 'dots',
      title: `${title}, ${width} x ${height}`,
      values: { label: 'milliseconds', log: true },
      points: rows.map((row) => ({ series: columnOf(row), at: row.name, value: row.time.median, low: row.time.low, high: row.time.high })),
    },
  ]
}
