// The first call, which starts and compiles what is needed, and those after it.
import { gaussianBlur } from '../../src/index.js'
import { type Missing, openBackends } from '../contenders/index.js'
import type { Prepared } from '../contender.js'
import { pictureOf } from '../pictures.js'
import { digits } from '../report/text.js'
import type { Section } from '../section.js'
import { type Summary, summarise } from '../timing.js'

const SIZE = [640, 480] as const
const ENGINES = 5
const LATER_CALLS = 5

export interface FirstData {
  readonly width: number
  readonly height: number
  readonly rows: readonly { readonly backend: string; readonly open: Summary; readonly first: Summary; readonly second: Summary; readonly later: Summary }[]
  readonly missing: readonly Missing[]
}

export const first: Section<FirstData> = {
  name: 'first',
  title: 'First call and later calls',
  about: `Milliseconds to make an engine, of its first call (a Gaussian of sigma 2 on an ordinary image), its second, and those after. Medians of ${ENGINES} new engines in one process.`,
  async measure(setting) {
    const [width, height] = setting.smoke ? [setting.width, setting.height] : SIZE
    const missing: Missing[] = []
    const rows: FirstData['rows'][number][] = []
    for (const backend of ['wasm-inline', 'wasm', 'webgpu']) {
      const samples = { open: [] as number[], first: [] as number[], second: [] as number[], later: [] as number[] }
      for (let engine = 0; engine < (setting.smoke ? 1 : ENGINES); engine++) {
        setting.log(`${backend}, first calls`)
        const start = performance.now()
        const opened = await openBackends([backend], setting.threads)
        samples.open.push(performance.now() - start)
        const contender = opened.contenders.find(({ memory }) => memory === 'ordinary')
        if (contender === undefined) {
          missing.push(...opened.missing)
          break
        }
        const prepared = (await contender.prepare(pictureOf(width, height, 4), [gaussianBlur({ sigma: 2 })])) as Prepared
        samples.first.push(await prepared.time(1))
        samples.second.push(await prepared.time(1))
        samples.later.push((await prepared.time(LATER_CALLS)) / LATER_CALLS)
        await opened.close()
      }
      if (samples.first.length === 0) continue
      const { open, first: one, second, later } = samples
      rows.push({ backend, open: summarise(open), first: summarise(one), second: summarise(second), later: summarise(later) })
    }
    return { width, height, rows, missing }
  },
  tables: ({ width, height, rows, missing }) => [
    {
      title: `First call and later calls, milliseconds; gaussian 2 on ${width} x ${height}`,
      columns: ['backend', 'first over later', 'engine', 'first call', 'second call', 'later calls'],
      rows: rows.map(({ backend, open, first: one, second, later }) => [
        backend,
        digits(one.median / later.median),
        ...[open, one, second, later].map(({ median }) => digits(median)),
      ]),
      notes: missing.map(({ name, reason }) => `${name} is not timed: ${reason}`),
    },
  ],
  charts: ({ rows }) => [
    {
      kind: 'dots',
      title: 'First call and later calls',
      values: { label: 'milliseconds', log: true },
      points: rows.flatMap(({ backend, ...times }) =>
        (['open', 'first', 'second', 'later'] as const).map((what) => {
          const { median: value, low, high } = times[what]
          return { series: { open: 'engine', first: 'first call', second: 'second call', later: 'later calls' }[what], at: backend, value, low, high }
        }),
      ),
    },
  ],
}
