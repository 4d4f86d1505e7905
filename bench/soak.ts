// Many calls of every kind, many at once: applied, mapped, aborted, failing, kept, resident. Every result is compared with the
// reference's, and in the end everything has to be where it was: memory, workers, GPU buffers, threads and file handles.
//   npm run soak -- [--calls N] [--seed N]
import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  type BackendName, type Image, type Step,
  boxBlur, createEngine, crop, equalize, gaussianBlur, invert, luminance, median, resize, rotate90, sepia, sobel, unsharpMask,
} from '../src/index.js'
import { useSoftwareGpu } from '../tests/helpers/software-gpu.js'
import { photograph } from './photograph.js'
import { isSame } from './difference.js'
import { random } from './random.js'

useSoftwareGpu()
const { values: options } = parseArgs({ options: { calls: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } } })
const calls = Number(options.calls)
const next = random(Number(options.seed))
const below = (n: number): number => Math.floor(next() * n)
const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T

/** Calls at once. */
const LANES = 6
const BUDGET_BYTES = 2 ** 26
/** More than the budget holds, whatever else is there. */
const TOO_LARGE = resize({ width: 9000, height: 9000 })
/** What an image does not fit. */
const MISFIT = crop({ left: 4000, top: 0, width: 1, height: 1 })
const REASON = new Error('enough')
/** What the heap of a program of this size comes and goes by. */
const RSS_TOLERANCE = 48 * 2 ** 20
const SETTLE_MS = 10_000

interface Task {
  readonly image: Image
  readonly steps: readonly Step[]
  readonly expected: Image
}

const engine = await createEngine({ memoryBudgetBytes: BUDGET_BYTES })
const backends: readonly (BackendName | 'auto')[] = (await hasGpu()) ? ['auto', 'wasm', 'wasm', 'webgpu'] : ['auto', 'wasm']
if (!backends.includes('webgpu')) console.error('webgpu is missing here; its calls are left out')
const tasks = await prepare()

/** One call, or a few, that belong together; what they should not do is an error. */
const KINDS: Readonly<Record<string, () => Promise<void>>> = {
  async applied() {
    const { image, steps, expected } = pick(tasks)
    const priority = pick(['interactive', 'batch'] as const)
    same(await engine.apply(image, steps, { backend: pick(backends), priority }), expected)
  },
  async mapped() {
    const chosen = Array.from({ length: 1 + below(5) }, () => pick(tasks))
    const bad = below(8)
    const sources = chosen.map(({ image }, index) => async () => {
      if (index === bad) throw REASON
      return image
    })
    const left = below(6)
    let given = 0
    const stepsOf = (_: Image, index: number): readonly Step[] => (chosen[index] as Task).steps
    const call = { backend: pick(backends), concurrency: 1 + below(3), onError: 'settle' } as const
    for await (const { index, image, error } of engine.map(sources, stepsOf, call)) {
      if (image === undefined) isReason(error)
      else same(image, (chosen[index] as Task).expected)
      if (++given > left) break
    }
  },
  async aborted() {
    const { image, steps, expected } = pick(tasks)
    const controller = new AbortController()
    const at = next()
    const delay = below(20)
    const onProgress = (fraction: number): void => {
      if (delay < 7 && fraction >= at) controller.abort(REASON)
    }
    const timer = delay < 7 ? undefined : setTimeout(() => controller.abort(REASON), delay - 7)
    const call = { backend: pick(backends), signal: controller.signal, onProgress }
    const isKept = next() < 0.3
    const work = isKept
      ? engine.apply(image, steps, { ...call, keep: true }).then((result) => result.dispose())
      : engine.apply(image, steps, call).then((result) => same(result, expected))
    await work.catch(isReason)
    clearTimeout(timer)
  },
  async failing() {
    const { image } = pick(tasks)
    const [step, code] = pick([[TOO_LARGE, 'ERR_MEMORY'], [MISFIT, 'ERR_STEP']] as const)
    const error: unknown = await engine.apply(image, [step], { backend: 'wasm' }).catch((reason: unknown) => reason)
    if ((error as { code?: string }).code !== code) throw new Error(`expected ${code}, got ${String(error)}`)
  },
  async kept() {
    const { image, steps, expected } = pick(tasks)
    const backend = pick(backends)
    using source = await engine.upload(image, { backend })
    using half = await engine.apply(source, steps.slice(0, 1), { backend, keep: true })
    using result = await engine.apply(half, steps.slice(1), { backend: pick(backends), keep: true })
    same(await result.read(), expected)
  },
  async resident() {
    const { image, steps, expected } = pick(tasks)
    using source = engine.createImage(image.width, image.height, image.channels)
    using into = engine.createImage(expected.width, expected.height, expected.channels)
    source.data.set(image.data)
    same(await engine.apply(source, steps, { backend: pick(backends), into }), expected)
  },
  async 'of an engine of its own'() {
    const { image, steps, expected } = pick(tasks)
    const own = await createEngine({ threads: 1, gpu: false })
    const work = own.apply(image, steps)
    await own.close()
    same(await work, expected)
  },
}
/** How often each kind comes, in hundredths. */
const SHARES: Readonly<Record<string, number>> = { applied: 39, mapped: 12, aborted: 20, failing: 8, kept: 10, resident: 10, 'of an engine of its own': 1 }
const WARM_UP = 200

type AtRest = Readonly<Record<string, number>>

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const counts: Record<string, number> = {}

await warmUp()
await runCalls(Math.min(WARM_UP, calls))
const rows: [what: string, rest: AtRest][] = [['before', await atRest()]]
for (let quarter = 1; quarter <= 4; quarter++) {
  await runCalls(Math.ceil(calls / 4))
  rows.push([`${quarter * Math.ceil(calls / 4)} calls`, await atRest(rows[0]?.[1])])
}
print(rows)
console.log(`\n${Object.entries(counts).map(([kind, count]) => `${count} ${kind}`).join(', ')}; every result was right`)
const [[, before], [, after]] = [rows[0], rows.at(-1)] as [(typeof rows)[0], (typeof rows)[0]]
const stayed = notBack(after, before)
for (const name of stayed) console.log(`${name} did not return: ${before[name]} before, ${after[name]} after`)
if (stayed.length === 0) console.log('all of it is where it was before')
await engine.close()
process.exitCode = stayed.length === 0 ? 0 : 1

/** Whether the GPU, or a program in its place, can be asked for. */
async function hasGpu(): Promise<boolean> {
  return engine.apply(photograph(16, 16), [invert()], { backend: 'webgpu' }).then(() => true, () => false)
}

/** Images and chains, with what the reference makes of them. */
async function prepare(): Promise<readonly Task[]> {
  const chains: readonly (readonly Step[])[] = [
    [invert(), gaussianBlur({ sigma: 2 })],
    [luminance(), sobel()],
    [equalize(), unsharpMask({ sigma: 3 })],
    [resize({ width: 150, height: 90 }), boxBlur({ radius: 3 })],
    [sepia(), median({ radius: 2 })],
    [rotate90(), gaussianBlur({ sigma: 20 })],
  ]
  const images = [[30, 20], [300, 200], [400, 300], [50, 900]].map(([width, height]) => photograph(width as number, height as number))
  const made: Task[] = []
  for (const [index, steps] of chains.entries()) {
    for (const image of [images[index % images.length], images[(index + 1) % images.length]] as Image[]) {
      made.push({ image, steps, expected: await engine.apply(image, steps, { backend: 'reference' }) })
    }
  }
  return made
}

/** Takes as much memory as there may be, and every task on every backend once, so that what grows with use has grown. */
async function warmUp(): Promise<void> {
  for (const backend of new Set(backends)) for (const { image, steps } of tasks) await engine.apply(image, steps, { backend })
  const images: Disposable[] = []
  try {
    for (;;) images.push(engine.createImage(512, 512, 4))
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_MEMORY') throw error
  }
  for (const image of images) image[Symbol.dispose]()
}

async function runCalls(count: number): Promise<void> {
  let left = count
  const names = Object.entries(SHARES).flatMap(([name, share]) => Array<string>(share).fill(name))
  const lane = async (): Promise<void> => {
    while (left-- > 0) {
      const name = pick(names)
      await (KINDS[name] as () => Promise<void>)()
      counts[name] = (counts[name] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}

function same(actual: Image, expected: Image): void {
  const size = ({ width, height }: Image): string => `${width} x ${height}`
  if (!isSame(actual, expected)) throw new Error(`other bytes than the reference's: ${size(actual)}, expected ${size(expected)}`)
}

function isReason(error: unknown): void {
  if (error !== REASON) throw error
}

/** What is there when nothing runs; where it should be as before, after some time for things to end. */
async function atRest(before?: AtRest): Promise<AtRest> {
  const until = performance.now() + SETTLE_MS
  for (;;) {
    collect()
    await sleep(100)
    collect()
    const rest = look()
    if (before === undefined ? rest['arenaBytesUsed'] === 0 : notBack(rest, before).length === 0) return rest
    if (performance.now() > until) return rest
  }
}

function look(): AtRest {
  const { calls: _calls, gpuPipelines: _pipelines, ...stats } = engine.stats()
  const rssBytes = process.memoryUsage.rss()
  // Elsewhere nothing says how many threads and handles there are.
  if (process.platform !== 'linux') return { ...stats, rssBytes }
  return { ...stats, threads: readdirSync('/proc/self/task').length, fileHandles: readdirSync('/proc/self/fd').length, rssBytes }
}

/** The names of what is not as it was. Buffers for calls to come may be more or fewer, within the budget. */
function notBack(after: AtRest, before: AtRest): readonly string[] {
  return Object.keys(before).filter((name) => {
    const [now, then] = [after[name], before[name]] as [number, number]
    if (name === 'rssBytes') return now > then + RSS_TOLERANCE
    return name === 'gpuBytesAllocated' ? now > BUDGET_BYTES : now !== then
  })
}

function print(all: readonly (readonly [what: string, rest: AtRest])[]): void {
  const names = Object.keys(all[0]?.[1] ?? {})
  const cells = [['', ...names], ...all.map(([what, rest]) => [what, ...names.map((name) => String(rest[name]))])]
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => (row[column] as string).length)))
  for (const row of cells) console.log(row.map((cell, column) => cell.padStart(widths[column] as number)).join('  '))
}
