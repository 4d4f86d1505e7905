// How far each filter is from what this machine can do at most.
import { compile } from '../../src/plan.js'
import type { Contender } from '../contender.js'
import { openOwn } from '../contenders/own.js'
import { instructionsOf } from '../limits/arithmetic.js'
import { type Limits, measureLimits } from '../limits/measure.js'
import { pictureOf } from '../pictures.js'
import { digits, geometricMean } from '../report/text.js'
import type { Section } from '../section.js'
import type { Summary } from '../timing.js'
import { workloads } from '../workloads.js'
import { sample } from './lines.js'

interface Row {
  readonly name: string
  readonly time: Summary
  /** Of the image and the result. */
  readonly bytes: number
  readonly instructions: number | undefined
}

export interface RooflineData {
  readonly width: number
  readonly height: number
  readonly limits: Limits
  readonly rows: readonly Row[]
}

export const roofline: Section<RooflineData> = {
  name: 'roofline',
  title: 'How far from the limits of the machine',
  about:
    'A loop that copies as many bytes, and a loop of multiplications and additions, on as many threads, set the limits. The bytes of a filter are those of its image and ' +
    'its result; its arithmetic is counted by hand in SIMD instructions (bench/limits/arithmetic.ts), without loads, stores and shuffles. The larger of both times is the least that it can take.',
  async measure(setting) {
    const { width, height } = setting
    setting.log('what the machine can do')
    const rounds = setting.smoke ? 1 : Math.min(setting.rounds, 7)
    const limits = await measureLimits({ threads: setting.threads, bytes: width * height * 4, rounds, milliseconds: setting.smoke ? 1 : 100 })
    const opened = await openOwn('wasm', setting.threads)
    if (typeof opened === 'string') throw new Error(opened)
    const contender = opened.find(({ memory }) => memory === 'resident') as Contender
    const rows: Row[] = []
    try {
      for (const { name, steps, channels } of workloads(setting).filter(({ steps: { length } }) => length === 1 || setting.chains)) {
        setting.log(name)
        const image = pictureOf(width, height, channels)
        const [found] = await sample([{ contender, series: name, at: 0, image, steps }], setting)
        const plan = compile(steps, { width, height, channels, format: 'u8' }, true)
        const { shape } = plan.nodes[plan.result] as (typeof plan.nodes)[number]
        const bytes = image.data.length + shape.width * shape.height * shape.channels
        if (found !== undefined) rows.push({ name, time: found.time, bytes, instructions: instructionsOf(plan) })
      }
    } finally {
      await contender.close()
    }
    return { width, height, limits, rows }
  },
  tables({ width, height, limits, rows }) {
    const known = rows.map((row) => ({ ...row, ...limitOf(row, limits) }))
    return [
      {
        title: `Times the least time; resident images of ${width} x ${height}`,
        columns: ['steps', 'times the least', 'bound by', 'least ms', 'ms', 'GB/s', 'G instructions/s'],
        rows: [
          ...known.map(({ name, time, bytes, instructions, least, by }) => [
            name,
            digits(time.median / least),
            instructions === undefined ? 'memory; arithmetic not counted' : by,
            digits(least),
            digits(time.median),
            digits(bytes / time.median / 1e6),
            instructions === undefined ? '' : digits(instructions / time.median / 1e6),
          ]),
          ['geometric mean', digits(geometricMean(known.map(({ time, least }) => time.median / least))), '', '', '', '', ''],
        ],
        notes: [
          `the copy loop moves ${digits((2 * limits.copiedPerMs.median) / 1e6)} GB/s, read and written; the loop of arithmetic does ${digits(limits.instructionsPerMs.median / 1e6)} G instructions/s`,
        ],
      },
    ]
  },
  charts: ({ rows, limits, width, height }) => [
    {
      kind: 'roof',
      title: `Beneath the roof of the machine, ${width} x ${height}`,
      along: { label: 'instructions of arithmetic for each byte', log: true },
      values: { label: 'G instructions/s', log: true },
      points: rows.flatMap(({ name, time, bytes, instructions = 0 }) =>
        // What only moves bytes has no place here.
        instructions === 0 ? [] : [{ series: name.startsWith('chain') ? 'chains' : 'filters', name, at: instructions / bytes, value: instructions / time.median / 1e6 }],
      ),
      roof: { slope: (2 * limits.copiedPerMs.median) / 1e6, top: limits.instructionsPerMs.median / 1e6 },
    },
    {
      kind: 'bars',
      title: `Times the least time, ${width} x ${height}`,
      values: { label: 'times the least time', log: true },
      points: rows.map((row) => {
        const { least, by } = limitOf(row, limits)
        const { median, low, high } = row.time
        return { series: `bound by ${by}`, at: row.name, value: median / least, low: low / least, high: high / least }
      }),
      mark: { value: 1, label: 'the least time' },
    },
  ],
}

/** How far each of the steps is from what limits it. */
export const limitsIn = ({ rows, limits }: RooflineData): ReadonlyMap<string, { readonly times: number; readonly by: 'memory' | 'arithmetic' }> =>
  new Map(
    rows.map((row) => {
      const { least, by } = limitOf(row, limits)
      return [row.name, { times: row.time.median / least, by }]
    }),
  )

/** The least that the bytes and the arithmetic can take, in milliseconds. */
function limitOf({ bytes, instructions = 0 }: Row, { copiedPerMs, instructionsPerMs }: Limits): { least: number; by: 'memory' | 'arithmetic' } {
  const memory = bytes / 2 / copiedPerMs.median
  const arithmetic = instructions / instructionsPerMs.median
  return memory >= arithmetic ? { least: memory, by: 'memory' } : { least: arithmetic, by: 'arithmetic' }
}
