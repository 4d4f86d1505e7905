// How the engine behaves while it works, and what working at once gains.
//   npm run bench:responsiveness -- [NAME…] [--quick] [--json FILE]
// The names are those of MEASUREMENTS; without any all are made. What a server does is measured by npm run bench:server.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import {
  type BackendName, type Engine, type Image, type Step,
  createEngine, gaussianBlur, luminance, median, resize, sepia, sobel, threshold, unsharpMask,
} from '../src/index.js'
import { openPage } from '../tests/browsers/page.js'
import { missing } from '../tests/helpers/browser.js'
import { useSoftwareGpu } from '../tests/helpers/software-gpu.js'
import { measureBatch } from './batch.js'
import { watchEventLoop } from './event-loop.js'
import { type Line, lineOf, printLines } from './lines.js'
import { describeMachine } from './machine.js'
import { photograph } from './photograph.js'
import { pictureOf } from './pictures.js'

useSoftwareGpu()
const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } },
  allowPositionals: true,
})
const rounds = values.quick ? 2 : 30
const large = values.quick ? { width: 1500, height: 1000 } : { width: 11_600, height: 8_620 }
const [width, height] = values.quick ? ([1280, 720] as const) : ([3840, 2160] as const)
const watchedMs = values.quick ? 50 : 5000
const uhd = photograph(width, height)
const edges: readonly Step[] = [luminance(), gaussianBlur({ sigma: 2 }), sobel(), threshold({ value: 40 })]
const photo: readonly Step[] = [sepia(), unsharpMask({ sigma: 3 })]

const MEASUREMENTS: Readonly<Record<string, (engine: Engine) => Promise<readonly Line[]>>> = {
  /** engine.map over one image at a time, with decoding and encoding. */
  batch: (engine) =>
    values.quick
      ? measureBatch(engine, { photographs: 4, rounds: 1, size: [400, 300], made: true })
      : measureBatch(engine, { photographs: 100, rounds: 3, size: [4000, 3000], made: false }),
  together,
  preview: previewLatency,
  'event-loop': eventLoop,
  page: pageTasks,
  abort: abortLatency,
}

const unknown = positionals.find((name) => !Object.hasOwn(MEASUREMENTS, name))
if (unknown !== undefined) throw new Error(`expected names of ${Object.keys(MEASUREMENTS).join(', ')}, got "${unknown}"`)
const machine = describeMachine(process.argv.slice(2), 'bench:responsiveness')
console.log(`${machine.processor}, ${machine.cores} cores, Node ${machine.node}; "4K" is ${width} x ${height}`)
const lines: Line[] = []
for (const name of positionals.length > 0 ? positionals : Object.keys(MEASUREMENTS)) {
  await using engine = await createEngine()
  lines.push(...(await (MEASUREMENTS[name] as (engine: Engine) => Promise<readonly Line[]>)(engine)))
}
printLines(lines)
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ machine, lines }, null, 2)}\n`)

/** Two filters at once, over the same two one after the other. */
async function together(engine: Engine): Promise<readonly Line[]> {
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
  return [lineOf('two filters at once: times faster than one after the other', ratios, 'x')]
}

/** A small call while a large one runs. */
async function previewLatency(engine: Engine): Promise<readonly Line[]> {
  const small = photograph(256, 256)
  const big = photograph(large.width, large.height)
  const idle: number[] = []
  for (let i = 0; i < rounds; i++) idle.push((await engine.apply(small, edges, { backend: 'wasm', priority: 'interactive' })).run.milliseconds)
  const busy: number[] = []
  while (busy.length < rounds) {
    let running = true
    let started = false
    const onProgress = (): void => {
      started = true
    }
    const job = engine.apply(big, [median({ radius: 2 })], { backend: 'wasm', priority: 'batch', onProgress }).finally(() => (running = false))
    while (!started) await sleep(1)
    while (running && busy.length < rounds) {
      const start = performance.now()
      await engine.apply(small, edges, { backend: 'wasm', priority: 'interactive' })
      if (running) busy.push(performance.now() - start)
      await sleep(5)
    }
    await job
  }
  return [
    lineOf('preview of 256 x 256, nothing else running', idle),
    lineOf(`preview of 256 x 256 behind ${Math.round((large.width * large.height) / 1e6)} megapixels`, busy),
  ]
}

/** How late this thread's timers are while calls run one after the other. */
async function eventLoop(engine: Engine): Promise<readonly Line[]> {
  const found: Line[] = []
  const watch = async (what: string, call: (index: number) => Promise<unknown>): Promise<void> => {
    await call(0)
    const end = watchEventLoop(`event loop delay, ${what}`)
    const until = performance.now() + watchedMs
    for (let index = 1; performance.now() < until; index++) await call(index)
    found.push(...end())
  }
  const on = (backend: BackendName, image: Image, steps: readonly Step[]) => () => engine.apply(image, steps, { backend })
  const rgb = pictureOf(width, height, 3)
  await watch('edges of 4K on wasm', on('wasm', uhd, edges))
  await watch('sepia and unsharp mask of 4K on wasm', on('wasm', uhd, photo))
  await watch('the same of 3 channels', on('wasm', rgb, photo))
  await watch('the same, kept', async () => (await engine.apply(uhd, photo, { backend: 'wasm', keep: true })).dispose())
  await watch('4K to a new size each time', (index) => engine.apply(uhd, [resize({ width: 1000 + index, height: 700 + index })], { backend: 'wasm' }))
  await watch('four calls of 4K at once', () => Promise.all([edges, photo, edges, photo].map((steps) => engine.apply(uhd, steps, { backend: 'wasm' }))))
  if (await engine.apply(photograph(16, 16), edges, { backend: 'webgpu' }).then(() => true, () => false)) {
    await watch('edges of 4K on webgpu', on('webgpu', uhd, edges))
    await watch('sepia and unsharp mask of 3 channels of 4K on webgpu', on('webgpu', rgb, photo))
  } else {
    console.error('webgpu is missing here; its event loop delay is not measured')
  }
  return found
}

/** How long tasks of a page's thread are while calls run one after the other. */
async function pageTasks(): Promise<readonly Line[]> {
  const reason = missing('chromium')
  if (reason !== undefined) {
    console.error(`${reason}; the tasks of a page are not measured`)
    return []
  }
  const found: Line[] = []
  for (const isolated of [true, false]) {
    const page = await openPage<typeof import('./page.page.js')>('chromium', { module: join(process.cwd(), 'bench/page.page.ts'), isolated })
    const { threading, late, longTasks } = await page.window.tasks(width, height, watchedMs)
    await page.close()
    found.push(lineOf(`tasks of a page, edges of 4K, ${threading}; ${longTasks} of them long`, late))
  }
  return found
}

/** From `abort()` until the call has ended: nobody touches its memory then. */
async function abortLatency(engine: Engine): Promise<readonly Line[]> {
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
  return [lineOf('from abort() to the end of the call', samples)]
}
