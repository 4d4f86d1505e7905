// isopix beside other libraries: the same steps on the same image, in alternating pairs.
import { type Missing, openBackend } from '../contenders/index.js'
import type { Contender, Memory } from '../contender.js'
import { PEERS } from '../peers/index.js'
import { rememberTraces } from '../peers/traces.js'
import { USUAL, describe, differenceOf, isWithin } from '../difference.js'
import { pictureOf } from '../pictures.js'
import { digits, geometricMean } from '../report/text.js'
import type { Section, Setting } from '../section.js'
import { type Pair, pair } from '../timing.js'
import { type Workload, workloads } from '../workloads.js'

const FASTER = 'isopix is faster'
const SLOWER = 'isopix is slower'
export const FAILED = 'failed: '

interface Row {
  readonly peer: string
  readonly workload: string
  readonly memory: Memory
  readonly width: number
  readonly height: number
  readonly note?: string | undefined
  /** Mean and greatest difference of the pictures, in words; or why there is no picture. */
  readonly difference: string
  /** Absent where the pictures are not the same: nothing was timed. */
  readonly pair?: Pair
}

export interface PeersData {
  readonly peers: readonly { readonly name: string; readonly about: string; readonly beside: string }[]
  readonly missing: readonly Missing[]
  readonly rows: readonly Row[]
}

export const peers: Section<PeersData> = {
  name: 'peers',
  title: 'Beside other libraries',
  about:
    'How many times faster isopix is, on as many threads: the median ratio of alternating pairs. Native OpenCV has its images and results in its own ' +
    'memory, as isopix has its resident images there; all others get and give ordinary buffers, as isopix does beside them. A row whose pictures are not the same is not timed.',
  async measure(setting) {
    const own = new Map<string, readonly Contender[]>()
    const present: PeersData['peers'][number][] = []
    const missing: Missing[] = []
    const rows: Row[] = []
    try {
      // One at a time: some change what others find in the process.
      for (const peer of PEERS.filter(({ name }) => setting.peers.includes(name))) {
        const { name, beside = 'wasm' } = peer
        const ours = own.get(beside) ?? (await openBackend(beside, setting.threads))
        if (typeof ours !== 'string') own.set(beside, ours)
        const traces = rememberTraces()
        const contender = typeof ours === 'string' ? ours : await peer.open({ threads: setting.threads })
        traces.forgetListeners()
        if (typeof contender === 'string' || typeof ours === 'string') {
          missing.push({ name, reason: contender as string })
          continue
        }
        present.push({ name, about: beside === 'wasm' ? contender.about : `${contender.about}, on the same GPU`, beside })
        try {
          rows.push(...(await compareAll(ours.find(({ memory }) => memory === contender.memory) as Contender, contender, setting)))
        } finally {
          await contender.close()
          traces.forgetGlobals()
        }
      }
    } finally {
      for (const contender of [...own.values()].flat()) await contender.close()
    }
    return { peers: present, missing, rows }
  },
  tables: ({ peers: present, missing, rows }) => [
    ...present.map(({ name, about }) => {
      const own = rows.filter(({ peer }) => peer === name)
      const timed = own.flatMap(({ pair: found }) => found ?? [])
      return {
        title: `isopix beside ${about}; ${own[0]?.memory} images of ${own[0]?.width} x ${own[0]?.height}`,
        columns: ['steps', 'times faster', 'quartiles', 'isopix ms', `${name} ms`, 'rounds', 'picture'],
        rows: [
          ...own.map(({ workload, pair: found, difference, note }) => {
            const picture = note === undefined ? difference : `${difference} (${note})`
            if (found === undefined) return [workload, difference.startsWith(FAILED) ? 'none' : 'other picture', '', '', '', '', picture]
            const { ratio, ours, theirs, rounds } = found
            return [workload, digits(ratio.median), `${digits(ratio.low)} to ${digits(ratio.high)}`, digits(ours.median), digits(theirs.median), rounds, picture]
          }),
          ['geometric mean', timed.length === 0 ? '' : digits(geometricMean(timed.map(({ ratio }) => ratio.median))), '', '', '', '', ''],
        ],
      }
    }),
    ...(missing.length === 0 ? [] : [{ title: 'Not compared', columns: ['library', 'reason'], rows: missing.map(({ name, reason }) => [name, reason]) }]),
  ],
  charts: ({ peers: present, rows }) =>
    present.map(({ name, about }) => ({
      kind: 'bars',
      title: `Times faster than ${about}`,
      values: { label: 'times faster', log: true },
      points: rows.flatMap(({ peer, workload: at, pair: found }) => {
        if (peer !== name || found === undefined) return []
        const { median: value, low, high } = found.ratio
        return [{ series: value >= 1 ? FASTER : SLOWER, at, value, low, high }]
      }),
      mark: { value: 1, label: 'as fast' },
      series: [FASTER, SLOWER],
    })),
}

function isWanted({ steps }: Workload, { filters, chains }: Setting): boolean {
  if (steps.length > 1) return chains
  return filters === undefined || filters.includes(steps[0]?.filter.name as string)
}

/** The size that was asked for, or a smaller one of the same shape where a peer would take too long. */
function sizeFor({ mostMegapixels = Infinity }: Contender, { width, height }: Setting): { width: number; height: number } {
  const factor = Math.min(1, Math.sqrt((mostMegapixels * 1e6) / (width * height)))
  return { width: 2 * Math.round((width * factor) / 2), height: 2 * Math.round((height * factor) / 2) }
}

/** All that the peer can do. What it fails at is said. */
async function compareAll(ours: Contender, theirs: Contender, setting: Setting): Promise<Row[]> {
  const size = sizeFor(theirs, setting)
  const rows: Row[] = []
  for (const workload of workloads(size).filter((candidate) => isWanted(candidate, setting))) {
    setting.log(`${workload.name}, ${theirs.name}`)
    try {
      const row = await compare(ours, theirs, workload, size, setting)
      if (row !== undefined) rows.push(row)
    } catch (error) {
      rows.push({ peer: theirs.name, workload: workload.name, memory: theirs.memory, ...size, difference: `${FAILED}${error instanceof Error ? error.message : String(error)}` })
    }
  }
  return rows
}

async function compare(
  ours: Contender,
  theirs: Contender,
  { name: workload, steps, channels, bound: usual = USUAL }: Workload,
  { width, height }: { readonly width: number; readonly height: number },
  patience: Setting,
): Promise<Row | undefined> {
  const image = pictureOf(width, height, channels)
  const other = await theirs.prepare(image, steps)
  if (other === undefined) return undefined
  const own = await ours.prepare(image, steps)
  if (own === undefined) throw new Error(`isopix cannot do ${workload}`)
  const { note, bound = usual, ignoresAlpha } = other
  try {
    const first = [await own.time(1), await other.time(1)]
    const found = differenceOf(await own.result(), await other.result(), ignoresAlpha)
    const row = { peer: theirs.name, workload, memory: theirs.memory, width, height, note, difference: describe(found) }
    return isWithin(found, bound) ? { ...row, pair: await pair(own, other, patience, first) } : row
  } finally {
    await other.dispose()
    await own.dispose()
  }
}
