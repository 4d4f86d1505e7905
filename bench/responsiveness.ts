// How the engine behaves while it works: whether the caller's event loop stays free, how long a preview waits behind a
// large job, how soon an aborted job lets go, and what two calls at once gain.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type BackendName, type Engine, type Step, createEngine, gaussianBlur, luminance, median, sepia, sobel, threshold, unsharpMask } from '../src/index.js'
import { photograph } from './photograph.js'

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } } })
const rounds = values.quick ? 3 : 30
const large = values.quick ? { width: 3000, height: 2000 } : { width: 11_600, height: 8_620 }
const uhd = values.quick ? photograph(1920, 1080) : photograph(3840, 2160)
const edges: readonly Step[] = [luminance(), gaussianBlur({ sigma: 2 }), sobel(), threshold({ value: 40 })]
const photo: readonly Step[] = [sepia(), unsharpMask({ sigma: 3 })]

interface Line {
  readonly what: string
  readonly median: number
  readonly p99: number
  readonly most: number
  readonly unit: string
}
const lines: Line[] = []

function report(what: string, samples: readonly number[], unit = 'ms'): void {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number
  lines.push({ what, median: at(0.5), p99: at(0.99), most: sorted.at(-1) as number, unit })
}

/** How late timers are while calls run one after the other: what is left of this thread's time for others. */
async function eventLoopDelay(engine: Engine, backend: BackendName, steps: readonly Step[], name: string): Promise<void> {
  await engine.apply(uhd, steps, { backend })
  const histogram = monitorEventLoopDelay({ resolution: 1 })
  histogram.enable()
  const until = performance.now() + (values.quick ? 500 : 5000)
  while (performance.now() < until) await engine.apply(uhd, steps, { backend })
  histogram.disable()
  // The histogram counts from one tick to the next, of which one millisecond is the resolution.
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - 1)
  lines.push({
    what: `event loop delay, ${name} on ${backend}`,
    median: late(histogram.percentile(50)),
    p99: late(histogram.percentile(99)),
    most: late(histogram.max),
    unit: 'ms',
  })
}

/** A small call while a large one runs. */
async function previewLatency(engine: Engine): Promise<void> {
  const small = photograph(256, 256)
  const big = photograph(large.width, large.height)
  const idle: number[] = []
  for (let i = 0; i < rounds; i++) idle.push((await engine.apply(small, edges, { backend: 'wasm', priority: 'interactive' })).run.milliseconds)
  report('preview of 256 x 256, nothing else running', idle)
  const busy: number[] = []
  while (busy.length < rounds) {
    let running = true
    let started = false
    const job = engine.apply(big, [median({ radius: 2 })], { backend: 'wasm', priority: 'batch', onProgress: () => (started = true) }).finally(() => (running = false))
    while (!started) await sleep(1)
    while (running && busy.length < rounds) {
      const start = performance.now()
      await engine.apply(small, edges, { backend: 'wasm', priority: 'interactive' })
      if (running) busy.push(performance.now() - start)
      await sleep(5)
    }
    await job
  }
  report(`preview of 256 x 256 behind ${Math.round((large.width * large.height) / 1e6)} megapixels`, busy)
}

/** From `abort()` until the call has ended: nobody touches its memory then. */
async function abortLatency(engine: Engine): Promise<void> {
  const samples: number[] = []
  for (let i = 0; i < rounds; i++) {
    const controller = new AbortController()
    let aborted = 0
    const call = engine.apply(uhd, [median({ radius: 4 })], {
      backend: 'wasm',
      signal: controller.signal,
      onProgress(fraction) {
        if (fraction < 0.2 || aborted > 0) return
        aborted = performance.now()
        controller.abort()
      },
    })
    await call.catch(() => {})
    if (aborted > 0) samples.push(performance.now() - aborted)
  }
  report('from abort() to the end of the call', samples)
}

/** Two filters at once, over the same two one after the other. */
async function together(engine: Engine): Promise<void> {
  const ratios: number[] = []
  const one = (): Promise<unknown> => engine.apply(uhd, edges, { backend: 'wasm' })
  const other = (): Promise<unknown> => engine.apply(uhd, photo, { backend: 'wasm' })
  await Promise.all([one(), other()])
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const start = performance.now()
    await work()
    return performance.now() - start
  }
  for (let i = 0; i < rounds; i++) {
    const apart = await timed(async () => {
      await one()
      await other()
    })
    ratios.push(apart / (await timed(() => Promise.all([one(), other()]))))
  }
  report('two filters at once: times faster than one after the other', ratios, 'x')
}

await using engine = await createEngine()
await eventLoopDelay(engine, 'wasm', edges, 'edges of 4K')
await eventLoopDelay(engine, 'wasm', photo, 'sepia and unsharp mask of 4K')
await previewLatency(engine)
await abortLatency(engine)
await together(engine)
if (await engine.apply(photograph(16, 16), edges, { backend: 'webgpu' }).then(() => true, () => false)) {
  await eventLoopDelay(engine, 'webgpu', edges, 'edges of 4K')
} else {
  console.error('webgpu is missing here; its event loop delay is not measured')
}

if (values.json) {
  console.log(JSON.stringify({ node: process.version, lines }, null, 2))
} else {
  const width = Math.max(...lines.map(({ what }) => what.length))
  console.log(`${''.padEnd(width)}    median       p99      most`)
  for (const { what, median: middle, p99, most, unit } of lines) {
    console.log(`${what.padEnd(width)}  ${[middle, p99, most].map((value) => value.toFixed(2).padStart(8)).join('  ')} ${unit}`)
  }
}
