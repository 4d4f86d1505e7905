// Times every filter, and some chains, on every backend. The bytes are checked before anything is timed.
//   npm run bench -- [--filter NAME | --chains] [--backend NAME] [--size 4k|hd|vga|WxH] [--rounds N] [--json FILE] [--smoke]
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { type BackendName, type Engine, type Result, type Step, createEngine } from '../src/index.js'
import { definitionOf } from '../src/parse-steps.js'
import { filters } from '../src/filters/index.js'
import { CHAINS } from './chains.js'
import { photograph } from './photograph.js'
import { stepsToTime } from './steps.js'
import { type Row, printTable } from './table.js'

const SIZES: Readonly<Record<string, readonly [number, number]>> = { '4k': [3840, 2160], hd: [1920, 1080], vga: [640, 480] }
/** The reference is a specification, not a contender: it is timed on small images only. */
const REFERENCE_PIXELS = 640 * 480
/** Contenders prove their bytes on this size before they are timed. */
const CHECK_SIZE = [203, 151] as const
const SMOKE_SIZE = [61, 43] as const

const { values: options } = parseArgs({
  options: {
    filter: { type: 'string', multiple: true },
    chains: { type: 'boolean', default: false },
    backend: { type: 'string', multiple: true },
    size: { type: 'string', default: '4k' },
    rounds: { type: 'string', default: '11' },
    json: { type: 'string' },
    smoke: { type: 'boolean', default: false },
  },
})

/** A way to run steps. */
interface Contender {
  readonly name: string
  readonly backend: BackendName
  readonly engine: Engine
}

const [width, height] = options.smoke ? SMOKE_SIZE : sizeOf(options.size)
const rounds = options.smoke ? 1 : Number(options.rounds)
const contenders = await contendersOf(options.backend ?? ['wasm', 'webgpu', 'reference'])
const image = photograph(width, height)
const [checkWidth, checkHeight] = options.smoke ? SMOKE_SIZE : CHECK_SIZE
const small = photograph(checkWidth, checkHeight)

console.log(`${width} x ${height}, 4 channels, opaque; ${cpus()[0]?.model.trim()}, ${cpus().length} cores, Node ${process.version}`)
for (const { name, engine } of contenders) {
  const { webgpu } = engine.capabilities
  console.log(`  ${name}${name === 'webgpu' && webgpu.available ? `: ${webgpu.name}${webgpu.software ? ', a program on the CPU' : ''}` : ''}`)
}

const rows: Row[] = []
for (const { name, steps } of workloads()) {
  for (const resident of [true, false]) {
    const entered = contenders.filter(({ backend }) => (backend === 'wasm' ? true : !resident) && (backend !== 'reference' || width * height <= REFERENCE_PIXELS))
    if (entered.length > 0) rows.push(...(await time(name, steps, entered, resident)))
  }
}
printTable(rows)
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify({ width, height, rounds, rows }, null, 2)}\n`)
await Promise.all(contenders.map(({ engine }) => engine.close()))
console.log(`${rows.length} timings; the bytes of every contender were compared with the reference first`)

function workloads(): readonly { readonly name: string; readonly steps: readonly Step[] }[] {
  const chosen = options.filter === undefined ? filters : options.filter.map((name) => definitionOf(name, '--filter: '))
  // Once through everything means every filter, not every case of it.
  const single = chosen.flatMap((definition) => stepsToTime(definition, width, height).slice(0, options.smoke ? 1 : undefined))
  return options.chains ? CHAINS : options.filter === undefined ? [...single, ...CHAINS] : single
}

async function contendersOf(backends: readonly string[]): Promise<Contender[]> {
  const found: Contender[] = []
  if (backends.includes('wasm')) {
    found.push({ name: 'wasm inline', backend: 'wasm', engine: await createEngine({ threads: 0, gpu: false }) })
    const engine = await createEngine({ gpu: false })
    found.push({ name: `wasm ${cpus().length} threads`, backend: 'wasm', engine })
  }
  if (backends.includes('webgpu')) {
    const engine = await createEngine()
    await engine.explain({ width: 1, height: 1 }, [])
    const { webgpu } = engine.capabilities
    if (webgpu.available) found.push({ name: 'webgpu', backend: 'webgpu', engine })
    else console.log(`webgpu is not timed: ${webgpu.reason}`)
  }
  if (backends.includes('reference')) found.push({ name: 'reference', backend: 'reference', engine: await createEngine({ gpu: false }) })
  return found
}

/** Times contenders in turn, round by round, so that a change of the machine's speed meets all of them. */
async function time(name: string, steps: readonly Step[], entered: readonly Contender[], resident: boolean): Promise<Row[]> {
  const fitting = steps.filter((step) => step.filter.fits?.(step.values, { width: small.width, height: small.height, channels: 4, format: 'u8' }) === undefined)
  const expected = await (entered[0] as Contender).engine.apply(small, fitting, { backend: 'reference' })
  const runs: (() => Promise<unknown>)[] = []
  for (const contender of entered) {
    await checkBytes(name, fitting, contender, expected)
    runs.push(await prepare(steps, contender, resident))
  }
  const samples = runs.map((): number[] => [])
  for (let round = -1; round < rounds; round++) {
    for (const [index, run] of runs.entries()) {
      const start = performance.now()
      await run()
      // The round before the first warms up.
      if (round >= 0 || options.smoke) (samples[index] as number[]).push(performance.now() - start)
    }
  }
  return entered.map((contender, index) => {
    const sorted = (samples[index] as number[]).sort((a, b) => a - b)
    const at = (part: number): number => sorted[Math.floor(part * (sorted.length - 1))] as number
    const ms = at(0.5)
    return { name, contender: contender.name, memory: resident ? 'resident' : 'ordinary', ms, low: at(0.25), high: at(0.75), megapixels: (width * height) / ms / 1000 }
  })
}

async function checkBytes(name: string, steps: readonly Step[], { name: who, backend, engine }: Contender, expected: Result): Promise<void> {
  const actual = await engine.apply(small, steps, { backend })
  if (!same(expected, actual)) throw new Error(`${who}: ${name} does not give the reference's bytes; nothing is timed`)
}

/** What to time: one call on images that are there already. */
async function prepare(steps: readonly Step[], { backend, engine }: Contender, resident: boolean): Promise<() => Promise<unknown>> {
  const { width: w, height: h, channels } = await engine.explain(image, steps)
  if (!resident) {
    const into = { width: w, height: h, channels, data: new Uint8ClampedArray(w * h * channels) }
    return () => engine.apply(image, steps, { backend, into })
  }
  const source = engine.createImage(width, height, 4)
  source.data.set(image.data)
  const into = engine.createImage(w, h, channels)
  return () => engine.apply(source, steps, { backend, into })
}

function same(a: Result, b: Result): boolean {
  return Buffer.compare(Buffer.from(a.data.buffer), Buffer.from(b.data.buffer)) === 0
}

function sizeOf(text: string): readonly [number, number] {
  const [w, h] = SIZES[text] ?? text.split('x').map(Number)
  if (!Number.isInteger(w) || !Number.isInteger(h)) throw new Error(`--size: expected ${Object.keys(SIZES).join(', ')} or WIDTHxHEIGHT, got "${text}"`)
  return [w as number, h as number]
}
