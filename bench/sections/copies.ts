// What of a call on ordinary images is copies: in, out, and the work between them.
import { formsOf } from '../../src/backends/wasm/forms.js'
import { type Engine, type Image, type Step, createEngine } from '../../src/index.js'
import { type Prepared, clock } from '../contender.js'
import { openOwn } from '../contenders/own.js'
import { pictureOf } from '../pictures.js'
import { digits } from '../report/text.js'
import type { Section } from '../section.js'
import { type Summary, alternate, summarise } from '../timing.js'
import { workloads } from '../workloads.js'

interface Row {
  readonly name: string
  readonly copyIn: Summary
  readonly work: Summary
  readonly copyOut: Summary
  readonly total: Summary
}

export interface CopiesData {
  readonly width: number
  readonly height: number
  readonly rows: readonly Row[]
}

export const copies: Section<CopiesData> = {
  name: 'copies',
  title: 'Copies and work',
  about:
    "Milliseconds to copy an ordinary image into the engine's memory, to work on it there, and to copy the result out, each by itself, and of a call that does all three. " +
    'All threads; copies are of one thread. Of a crop only the rows that are needed are copied in.',
  async measure(setting) {
    const { width, height } = setting
    const opened = await openOwn('wasm', setting.threads)
    if (typeof opened === 'string') throw new Error(opened)
    const engine = await createEngine({ threads: 0, gpu: false })
    const rows: Row[] = []
    try {
      for (const { name, steps, channels } of workloads(setting).filter(({ steps: { length } }) => length === 1 || setting.chains)) {
        setting.log(name)
        const image = pictureOf(width, height, channels)
        const prepared: Prepared[] = []
        for (const memory of ['resident', 'ordinary']) prepared.push((await opened.find((one) => one.memory === memory)?.prepare(image, steps)) as Prepared)
        const copying = await prepareCopies(engine, image, steps)
        const [work, total, copyIn, copyOut] = (await alternate([...prepared, copying.in, copying.out], setting)).map(summarise) as [Summary, Summary, Summary, Summary]
        for (const one of prepared) await one.dispose()
        copying.dispose()
        rows.push({ name, copyIn, work, copyOut, total })
      }
    } finally {
      for (const contender of opened) await contender.close()
      await engine.close()
    }
    return { width, height, rows }
  },
  tables: ({ width, height, rows }) => [
    {
      title: `Milliseconds of the parts of a call; ordinary images of ${width} x ${height}`,
      columns: ['steps', 'copies of the whole', 'copy in', 'work', 'copy out', 'sum', 'whole call'],
      rows: rows.map(({ name, copyIn, work, copyOut, total }) => {
        const copied = copyIn.median + copyOut.median
        return [name, `${((100 * copied) / (copied + work.median)).toFixed(0)} %`, ...[copyIn.median, work.median, copyOut.median, copied + work.median, total.median].map(digits)]
      }),
    },
  ],
  charts: ({ width, height, rows }) => [
    {
      kind: 'dots',
      title: `Copies and work, ${width} x ${height}`,
      values: { label: 'milliseconds', log: true },
      points: rows.flatMap(({ name: at, copyIn, work, copyOut }) =>
        Object.entries({ 'copy in': copyIn, work, 'copy out': copyOut }).map(([series, { median: value, low, high }]) => ({ series, at, value, low, high })),
      ),
    },
  ],
}

interface Copying {
  readonly in: Pick<Prepared, 'time'>
  readonly out: Pick<Prepared, 'time'>
  dispose(): void
}

/** The copies of a call alone: of the rows that it reads, and of its result. */
async function prepareCopies(engine: Engine, { width, height, channels, data }: Image, steps: readonly Step[]): Promise<Copying> {
  const made = await engine.explain({ width, height, channels }, steps)
  const [inside, result] = [engine.createImage(width, height, channels), engine.createImage(made.width, made.height, made.channels)]
  const { from, to } = formsOf(steps, { width, height, channels, format: 'u8' }).source
  const read = data.subarray(from * width * channels, to * width * channels)
  const out = new Uint8ClampedArray(result.data.length)
  return {
    in: { time: (calls) => clock(calls, () => inside.data.set(read)) },
    out: { time: (calls) => clock(calls, () => out.set(result.data)) },
    dispose() {
      inside.dispose()
      result.dispose()
    },
  }
}
