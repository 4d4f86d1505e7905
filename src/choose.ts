import type { BackendName, Threading } from './backends/backend.js'
import type { Step } from './filters/define.js'
import { type Plan, compile } from './plan.js'
import { type Shape, costOf } from './stage.js'

/** What a call has to do, in numbers. */
export interface Workload {
  /** Sum over stages of what a pixel costs times the pixels. */
  readonly work: number
  /** Bytes of the source and of the result. */
  readonly bytes: number
  readonly stages: number
}

/** What time a backend takes: fixedMs + stages * stageMs + work / workPerMs + bytes / bytesPerMs. */
export interface Cost {
  readonly fixedMs: number
  readonly stageMs: number
  readonly workPerMs: number
  readonly bytesPerMs: number
}

export type Availability =
  | {
      readonly available: true
      readonly cost: Cost
      readonly name?: string
      /** Of a GPU: it is a program on the CPU. */
      readonly software?: boolean
      /** Of wasm: how it reaches threads, and why so. */
      readonly threading?: { readonly name: Threading; readonly why: string }
    }
  | { readonly available: false; readonly reason: string }

export type Capabilities = Readonly<Record<BackendName, Availability>>

export interface Prediction {
  readonly backend: BackendName
  /** Absent where the backend cannot run. */
  readonly predictedMs?: number
  /** Why it is not considered, where it is not. */
  readonly reason?: string
}

export interface Choice {
  readonly backend: BackendName
  /** Why, in words. */
  readonly reason: string
  readonly predictions: readonly Prediction[]
}

/** What steps come to on an opaque image, as most are: whether one is, is found out as it is worked on. */
export function workloadOf(steps: readonly Step[], source: Shape): Workload {
  const { nodes, result } = compile(steps, source, true)
  const sizeOf = ({ width, height, channels }: Shape): number => width * height * channels
  return {
    work: nodes.reduce((sum, { stage, shape }) => sum + costOf(stage, shape), 0),
    bytes: sizeOf(source) + sizeOf((nodes[result] as Plan['nodes'][number]).shape),
    stages: nodes.length - 1,
  }
}

/** The parts of a predicted time, in milliseconds: what a call takes whatever its size, and what grows with it. */
export const partsOf = ({ fixedMs, stageMs, workPerMs, bytesPerMs }: Cost, { work, bytes, stages }: Workload) => ({
  fixed: fixedMs + stages * stageMs,
  growing: work / workPerMs + bytes / bytesPerMs,
})

export function predictMs(cost: Cost, workload: Workload): number {
  const { fixed, growing } = partsOf(cost, workload)
  return fixed + growing
}

/**
 * Picks the backend that is predicted to be fastest. A GPU that is a program on the CPU is never picked, nor is the
 * reference while another backend runs.
 */
export function choose(workload: Workload, capabilities: Capabilities): Choice {
  const predictions = (['wasm', 'webgpu', 'reference'] as const).map((backend): Prediction => {
    const found = capabilities[backend]
    if (!found.available) return { backend, reason: found.reason }
    const predictedMs = predictMs(found.cost, workload)
    if (found.software) return { backend, predictedMs, reason: `${found.name ?? 'its adapter'} is a program on the CPU, so it is only used when asked for` }
    return { backend, predictedMs }
  })
  const candidates = predictions.filter(
    (prediction): prediction is Prediction & { predictedMs: number } =>
      prediction.predictedMs !== undefined && prediction.reason === undefined && prediction.backend !== 'reference',
  )
  const [best, second] = candidates.sort((a, b) => a.predictedMs - b.predictedMs)
  if (best === undefined) {
    const reasons = predictions.filter(({ backend }) => backend !== 'reference').map(({ backend, reason }) => `${backend}: ${reason}`)
    return { backend: 'reference', reason: `nothing faster runs here (${reasons.join('; ')})`, predictions }
  }
  if (second !== undefined) {
    const reason = `predicted ${ms(best.predictedMs)}, against ${ms(second.predictedMs)} on ${second.backend}`
    return { backend: best.backend, reason, predictions }
  }
  const other = predictions.find(({ backend }) => backend !== best.backend && backend !== 'reference')
  return { backend: best.backend, reason: `${other?.backend}: ${other?.reason}`, predictions }
}

const ms = (value: number): string => (value < 10 ? `${value.toFixed(2)} ms` : `${value.toFixed(0)} ms`)
