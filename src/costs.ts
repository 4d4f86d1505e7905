import type { Backend, BackendName } from './backends/backend.js'
import { type Cost, type Workload, partsOf, predictMs, workloadOf } from './choose.js'
import type { Step } from './filters/define.js'

/** Costs before anything was measured: a thread of a current machine (1.5 ns for a unit of work), a small graphics card, plain JavaScript. */
const WASM: Cost = { fixedMs: 0.02, stageMs: 0.005, workPerMs: 680_000, bytesPerMs: 12_000_000 }
const WEBGPU: Cost = { fixedMs: 1, stageMs: 0.02, workPerMs: 12_000_000, bytesPerMs: 7_000_000 }
const REFERENCE: Cost = { fixedMs: 1, stageMs: 0, workPerMs: 10_000, bytesPerMs: 1_000_000 }

/** One that shows what a call costs whatever its size, and one where the work outweighs that and takes some milliseconds. */
const PROBE_SIDES = [32, 512]
/** How far a cost moves towards what a run took: a quarter of the way, on a scale of ratios. */
const STEP = 0.25
/** One slow run on a busy machine must not turn the choice. */
const MOST = 2
/** Enough for a prediction to meet what was measured. */
const ROUNDS = 20

/** What time the backends of one engine take, learnt from their runs. */
export class Costs {
  readonly #costs: Record<BackendName, Cost>

  constructor(threads: number) {
    this.#costs = { wasm: { ...WASM, workPerMs: WASM.workPerMs * Math.max(1, threads) }, webgpu: WEBGPU, reference: REFERENCE }
  }

  of(backend: BackendName): Cost {
    return this.#costs[backend]
  }

  /** Corrects a backend's cost by what a run took. */
  learn(backend: BackendName, workload: Workload, tookMs: number): void {
    const ratio = tookMs / Math.max(predictMs(this.#costs[backend], workload), 1e-3)
    this.#scale(backend, workload, Math.min(MOST, Math.max(1 / MOST, ratio)) ** STEP)
  }

  /** Takes over what a run took. */
  adopt(backend: BackendName, workload: Workload, tookMs: number): void {
    for (let round = 0; round < ROUNDS; round++) this.#scale(backend, workload, tookMs / predictMs(this.#costs[backend], workload))
  }

  /**
   * Times the steps of a call on white images, once to compile and start what is needed and once for the clock, and
   * takes over what it finds. Steps that do not fit those images leave the costs as they are.
   */
  async calibrate(backends: readonly Backend[], steps: readonly Step[]): Promise<void> {
    try {
      for (const side of PROBE_SIDES) {
        const shape = { width: side, height: side, channels: 4 } as const
        const image = { ...shape, data: new Uint8ClampedArray(side * side * 4).fill(255) }
        const workload = workloadOf(steps, { ...shape, format: 'u8' })
        for (const backend of backends) {
          await backend.run({ image, steps })
          const start = performance.now()
          await backend.run({ image, steps })
          this.adopt(backend.name, workload, performance.now() - start)
        }
      }
    } catch {
      // The call itself will say what is wrong, if anything is.
    }
  }

  /**
   * What a call costs whatever its size, and what grows with it, move by as much as they have a share in the time: a small
   * image tells nothing of large ones. Machines that are slow at work are slow at moving bytes.
   */
  #scale(backend: BackendName, workload: Workload, ratio: number): void {
    const { fixedMs, stageMs, workPerMs, bytesPerMs } = this.#costs[backend]
    const { fixed, growing } = partsOf(this.#costs[backend], workload)
    const share = fixed / (fixed + growing)
    const [once, rate] = [ratio ** share, ratio ** (1 - share)]
    this.#costs[backend] = { fixedMs: fixedMs * once, stageMs: stageMs * once, workPerMs: workPerMs / rate, bytesPerMs: bytesPerMs / rate }
  }
}
