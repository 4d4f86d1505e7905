// What hardware would pay for, counted without a GPU: passes, bytes, arithmetic, and what the second call still makes.
import { CHAINS } from '../chains.js'
import { openCounter } from '../gpu/counts.js'
import type { CallCounts } from '../gpu/counts.js'
import { pictureOf } from '../pictures.js'
import type { Section } from '../section.js'
import { stepsToTime } from '../steps.js'
import { filters } from '../../src/filters/index.js'

interface Row {
  readonly name: string
  readonly first: CallCounts
  readonly second: CallCounts
}

export interface GpuData {
  readonly width: number
  readonly height: number
  readonly rows: readonly Row[]
}

export const gpu: Section<GpuData> = {
  name: 'gpu',
  title: 'What a GPU is asked for',
  about:
    'Counted on hardware that is not there: the WebGPU backend runs on a device that takes down every call and interprets one thread of every dispatch. ' +
    'Bytes are those of the buffers that a pass reads and writes, once each. Operations are as the shader has them, lane by lane, with places and borders; compilers leave some of them out.',
  async measure({ width, height, filters: names, chains, smoke, log }) {
    const counter = openCounter()
    const wanted = filters.filter(({ name }) => names === undefined || names.includes(name))
    const single = wanted.flatMap((definition) => stepsToTime(definition, width, height).slice(0, smoke ? 1 : undefined))
    const rows: Row[] = []
    for (const { name, steps } of [...single, ...(chains ? CHAINS : [])]) {
      log(name)
      rows.push({ name, ...(await counter.count(pictureOf(width, height, 4), steps)) })
    }
    return { width, height, rows }
  },
  tables: ({ width, height, rows }) => [
    {
      title: `Calls on an image of ${width} x ${height}, 4 channels; the second of each`,
      columns: ['steps', 'passes', 'B/px read', 'B/px written', 'operations/px', 'loads/px', 'tile loads/px', 'workgroup B', 'submits', 'readbacks', 'pipelines 1st', '2nd', 'buffers 1st', '2nd', 'bind groups 1st', '2nd'],
      rows: rows.map(({ name, first, second }) => {
        const perPixel = (of: (pass: CallCounts['passes'][number]) => number): string =>
          (second.passes.reduce((sum, pass) => sum + of(pass), 0) / (width * height)).toFixed(1)
        return [
          name,
          second.passes.length,
          perPixel(({ bytesRead }) => bytesRead),
          perPixel(({ bytesWritten }) => bytesWritten),
          perPixel(({ operations, threads }) => operations * threads),
          perPixel(({ pixelLoads, threads }) => pixelLoads * threads),
          perPixel(({ tileLoads, threads }) => tileLoads * threads),
          Math.max(0, ...second.passes.map(({ workgroupBytes }) => workgroupBytes)),
          second.submits,
          second.readbacks,
          first.pipelines,
          second.pipelines,
          first.buffers,
          second.buffers,
          first.bindGroups,
          second.bindGroups,
        ]
      }),
    },
  ],
  charts: ({ width, height, rows }) => [
    {
      kind: 'bars',
      title: 'Bytes that a GPU moves for a pixel',
      values: { label: 'bytes a pixel, read and written' },
      points: rows.map(({ name, second }) => ({
        series: 'all passes',
        at: name,
        value: second.passes.reduce((sum, { bytesRead, bytesWritten }) => sum + bytesRead + bytesWritten, 0) / (width * height),
      })),
    },
  ],
}
