// The dispatcher's regret: on this machine, with its GPU be it a program, and with GPUs that are simulated.
import { workloadOf } from '../../src/choose.js'
import { WasmBackend } from '../../src/backends/wasm/backend.js'
import type { Backend } from '../../src/backends/backend.js'
import { WebgpuBackend } from '../../src/backends/webgpu/backend.js'
import type { Image, Step } from '../../src/index.js'
import { openCounter } from '../gpu/counts.js'
import { PROFILES, callMs } from '../gpu/profiles.js'
import { pictureOf } from '../pictures.js'
import { type Cell, type Regret, regretsOf } from '../regret.js'
import { digits, geometricMean } from '../report/text.js'
import type { Section, Setting } from '../section.js'
import { workloads } from '../workloads.js'

const SIZES = [
  [64, 64],
  [128, 128],
  [256, 256],
  [640, 480],
  [1280, 720],
  [1920, 1080],
  [3840, 2160],
] as const
const SMOKE_SIZES = [[32, 24]] as const
const SMOKE_STEP = 5
/** The images of src/costs.ts. */
const PROBES = [
  [32, 32],
  [512, 512],
] as const

/** A program on the CPU that was this many times slower on a smaller image is not timed on a larger one. */
const HOPELESS = 8
const BUDGET_BYTES = 2 ** 31

interface Times {
  readonly name: string
  readonly width: number
  readonly height: number
  readonly work: number
  readonly bytes: number
  readonly stages: number
  readonly inlineMs: number
  readonly threadsMs: number
  /** With the choice between those two left to the backend. */
  readonly wasmMs: number
  /** Absent where it is not there. */
  readonly gpuMs?: number
  /** On each of the profiles, simulated. */
  readonly simulatedMs: readonly number[]
}

export interface RegretData {
  readonly threads: number
  readonly adapter: string
  readonly times: readonly Times[]
}

export const regret: Section<RegretData> = {
  name: 'regret',
  title: "The dispatcher's regret",
  about:
    'How many times longer the chosen backend takes than the best one, ordinary images. Inline and threads: what the wasm backend chooses. This GPU: wasm beside the GPU of this machine, ' +
    'which counts here even if it is a program. The others are simulated: wasm as timed here beside what docs/gpu.md works out for them.',
  async measure(setting) {
    const { threads, smoke, log } = setting
    const options = { threads, memoryBudgetBytes: BUDGET_BYTES }
    const inline = await WasmBackend.open({ ...options, threads: 0 })
    const forced = await WasmBackend.open({ ...options, inlineWork: 0 })
    const wasm = await WasmBackend.open(options)
    const gpu = await WebgpuBackend.open()
    const counter = openCounter()
    const hopeless = new Map<string, number>()
    const times: Times[] = []
    for (const [width, height] of smoke ? SMOKE_SIZES : [...PROBES, ...SIZES]) {
      const wanted = workloads({ width, height }).filter(({ steps }, index) => isWanted(steps, setting) && (!smoke || index % SMOKE_STEP === 0))
      for (const { name, steps, channels } of wanted) {
        log(`${name}, ${width} x ${height}`)
        const image = pictureOf(width, height, channels)
        const [inlineMs, threadsMs, wasmMs] = (await alternated([inline, forced, wasm], image, steps, setting)) as [number, number, number]
        const factor = hopeless.get(name)
        const gpuMs = typeof gpu === 'string' ? undefined : factor === undefined ? (await alternated([gpu], image, steps, { ...setting, rounds: 3 }))[0] : factor * wasmMs
        if (gpuMs !== undefined && gpuMs > HOPELESS * wasmMs && width * height > 50_000) hopeless.set(name, gpuMs / wasmMs)
        const { second } = await counter.count(image, steps)
        const moved = second.bytesUploaded + second.bytesCopied
        const simulatedMs = PROFILES.map((profile) => callMs(profile, second.passes, moved))
        times.push({ name, width, height, ...workloadOf(steps, { width, height, channels, format: 'u8' }), inlineMs, threadsMs, wasmMs, ...(gpuMs === undefined ? {} : { gpuMs }), simulatedMs })
      }
    }
    for (const backend of [inline, forced, wasm]) await backend.close()
    const adapter = typeof gpu === 'string' ? gpu : gpu.adapter
    if (typeof gpu !== 'string') await gpu.close()
    return { threads, adapter, times }
  },
  tables(data) {
    const found = regretsIn(data)
    return [
      {
        title: `Times of the chosen over times of the best; ${data.threads} threads`,
        columns: ['choice', 'cells', 'geometric mean', 'worst', 'of'],
        rows: found.map(({ choice, regrets }) => {
          const worst = regrets.reduce((a, b) => (b.regret > a.regret ? b : a))
          const mean = geometricMean(regrets.map((one) => one.regret))
          return [choice, regrets.length, mean.toFixed(3), worst.regret.toFixed(2), `${worst.name}, ${worst.size}: ${worst.chosen} instead of ${worst.best}`]
        }),
      },
      ...found.map(({ choice, regrets }) => ({
        title: `${choice}: the largest`,
        columns: ['steps', 'size', 'chosen', 'best', 'regret'],
        rows: [...regrets].sort((a, b) => b.regret - a.regret).slice(0, 8).map((one) => [one.name, one.size, one.chosen, one.best, digits(one.regret)]),
      })),
    ]
  },
  charts: (data) => [
    {
      kind: 'bars',
      title: 'Regret, geometric mean',
      values: { label: 'time of the chosen over time of the best' },
      points: regretsIn(data).map(({ choice, regrets }) => ({ series: 'regret', at: choice, value: geometricMean(regrets.map((one) => one.regret)) })),
      from: 1,
      mark: { value: 1.05, label: 'the goal: 1.05' },
    },
  ],
}

/** The regret of every choice. */
export function regretsIn({ threads, adapter, times }: RegretData): readonly { readonly choice: string; readonly regrets: readonly Regret[] }[] {
  const isProbe = ({ width, height }: Times): boolean => PROBES.some(([w, h]) => width === w && height === h)
  const sizeOf = ({ width, height }: Times): string => `${width} x ${height}`
  const real = times.some((one) => !isProbe(one)) ? times.filter((one) => !isProbe(one)) : times
  const wasm = real.map((one) => {
    const best = Math.min(one.inlineMs, one.threadsMs)
    const chosen = Math.abs(one.wasmMs - one.inlineMs) < Math.abs(one.wasmMs - one.threadsMs) ? 'inline' : 'threads'
    // What it chose is the faster of two timings of the same thing.
    const ms = Math.min(one.wasmMs, chosen === 'inline' ? one.inlineMs : one.threadsMs)
    return { name: one.name, size: sizeOf(one), chosen, best: one.inlineMs <= one.threadsMs ? 'inline' : 'threads', regret: Math.max(1, ms / best) }
  })
  const dispatched = (gpuMs: (one: Times) => number | undefined): readonly Regret[] => {
    const cell = (one: Times): Cell[] => {
      const ms = gpuMs(one)
      return ms === undefined ? [] : [{ name: one.name, size: sizeOf(one), workload: { work: one.work, bytes: one.bytes, stages: one.stages }, wasmMs: one.wasmMs, gpuMs: ms }]
    }
    const probes = new Map<string, readonly Cell[]>()
    for (const probe of times.filter(isProbe).flatMap(cell)) probes.set(probe.name, [...(probes.get(probe.name) ?? []), probe])
    return regretsOf(real.flatMap(cell), probes, threads)
  }
  return [
    { choice: 'inline or threads', regrets: wasm },
    { choice: `wasm or ${adapter}`, regrets: dispatched(({ gpuMs }) => gpuMs) },
    ...PROFILES.map(({ name, kind }, index) => ({ choice: `wasm or ${name} (${kind}, simulated)`, regrets: dispatched(({ simulatedMs }) => simulatedMs[index]) })),
  ].filter(({ regrets }) => regrets.length > 0)
}

function isWanted(steps: readonly Step[], { filters, chains }: Setting): boolean {
  return steps.length > 1 ? chains : filters === undefined || filters.includes(steps[0]?.filter.name as string)
}

/** The best of some rounds in turn, each into an image of its own. */
async function alternated(backends: readonly Backend[], image: Image, steps: readonly Step[], { rounds, milliseconds }: Setting): Promise<number[]> {
  const best = backends.map(() => Number.POSITIVE_INFINITY)
  const into: (Image | undefined)[] = backends.map(() => undefined)
  const start = performance.now()
  for (let round = -1; round < rounds && (round < 2 || performance.now() - start < milliseconds); round++) {
    for (const [index, backend] of backends.entries()) {
      const before = performance.now()
      const outcome = await backend.run({ image, steps, into: into[index] })
      into[index] = outcome.image
      // The round before the first compiles and allocates.
      if (round >= 0 || rounds === 1) best[index] = Math.min(best[index] as number, performance.now() - before)
    }
  }
  return best
}
