// The tables of docs/gpu.md: what a GPU is asked for, and what three of them would take for it at the least.
import { openCounter } from '../../bench/gpu/counts.js'
import { type Floor, PROFILES, floorOf } from '../../bench/gpu/profiles.js'
import { pictureOf } from '../../bench/pictures.js'
import { workloads } from '../../bench/workloads.js'
import { table } from './table.js'

/** What is counted, and how many times larger the image is whose time is worked out: a pixel costs the same. */
const [WIDTH, HEIGHT] = [960, 540]
const TIMES = 16

const digits = (value: number): string => value.toFixed(value < 1 ? 2 : value < 100 ? 1 : 0)

/** The tables by the names of their marks in the page. */
export async function gpuTables(): Promise<Readonly<Record<string, string>>> {
  const counter = openCounter()
  const counted: string[][] = []
  const timed: string[][] = []
  for (const { name, steps, channels } of workloads({ width: WIDTH, height: HEIGHT })) {
    const { first, second } = await counter.count(pictureOf(WIDTH, HEIGHT, channels), steps)
    const { passes } = second
    const perPixel = (of: (pass: (typeof passes)[number]) => number): string => digits(passes.reduce((sum, pass) => sum + of(pass), 0) / (WIDTH * HEIGHT))
    counted.push([
      name,
      `${passes.length}`,
      perPixel(({ bytesRead, bytesWritten }) => bytesRead + bytesWritten),
      perPixel(({ operations, threads }) => operations * threads),
      perPixel(({ pixelLoads, dataLoads, threads }) => (pixelLoads + dataLoads) * threads),
      perPixel(({ tileLoads, threads }) => tileLoads * threads),
      `${Math.max(...passes.map(({ workgroupBytes }) => workgroupBytes)) / 1024}`,
      `${first.pipelines}, ${second.pipelines}`,
      `${first.buffers}, ${second.buffers}`,
      `${first.bindGroups}, ${second.bindGroups}`,
    ])
    const floors = PROFILES.map((profile) => floorOf(profile, passes, second.bytesUploaded + second.bytesCopied))
    timed.push([name, ...floors.flatMap((floor) => [workOf(floor), digits(TIMES * floor.transfer)])])
  }
  return {
    gpus: table(
      ['GPU', 'memory, GB/s', 'TFLOPS', 'integer operations, 10^12/s', 'to it and back, GB/s', 'from'],
      PROFILES.map(({ name, memoryGBs, teraflops, integerShare, transferGBs, source }) => [
        name, `${memoryGBs}`, `${teraflops}`, digits((teraflops / 2) * integerShare), digits(transferGBs), source,
      ]),
    ),
    counts: table(
      ['steps', 'passes', 'bytes', 'operations', 'loads', 'loads of the workgroup', 'KiB of a workgroup', 'pipelines', 'buffers', 'bind groups'],
      counted,
    ),
    times: table(['steps', ...PROFILES.flatMap(({ name }) => [`${name}: passes`, 'transfer'])], timed),
  }
}

/** Milliseconds, with a star where arithmetic takes longer than memory. */
const workOf = ({ work, bytes, arithmetic }: Floor): string => `${digits(TIMES * work)}${arithmetic > bytes ? '\\*' : ''}`
