import type { Backend, BackendName } from './backends/backend.js'
import { type Cost, type Workload, predictMs } from './choose.js'
import type { Step } from './filters/define.js'
import type { Image } from './image.js'

/** Costs before anything was measured: a thread of a current machine, a small graphics card, plain JavaScript. */
const WASM: Cost = { fixedMs: 0.05, workPerMs: 800_000, bytesPerMs: 8_000_000 }
const WEBGPU: Cost = { fixedMs: 2, workPerMs: 10_000_000, bytesPerMs: 3_000_000 }
const REFERENCE: Cost = { fixedMs: 1, workPerMs: 10_000, bytesPerMs: 1_000_000 }

/** Large enough that the work outweighs the fixed cost, small enough to take some milliseconds. */
const PROBE_SIDE = 512
/** How far a cost moves towards what a run took: a quarter of the way, on a scale of ratios. */
const STEP = 0.25
/** One slow run on a busy machine must not turn the choice. */
const MOST = 2

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
    this.#scale(backend, Math.min(MOST, Math.max(1 / MOST, ratio)) ** STEP)
  }

  /** Takes over what a run took. */
  adopt(backend: BackendName, workload: Workload, tookMs: number): void {
    this.#scale(backend, tookMs / predictMs(this.#costs[backend], workload))
  }

  /**
   * Times the steps of a call on a blank image, once to compile and start what is needed and once for the clock, and
   * takes over what it finds. Steps that do not fit that image leave the costs as they are.
   */
  async calibrate(backends: readonly Backend[], steps: readonly Step[], workloadOf: (image: Image) => Workload): Promise<void> {
    const image: Image = { width: PROBE_SIDE, height: PROBE_SIDE, channels: 4, data: new Uint8ClampedArray(PROBE_SIDE * PROBE_SIDE * 4) }
    try {
      const workload = workloadOf(image)
      for (const backend of backends) {
        await backend.run({ image, steps })
        const start = performance.now()
        await backend.run({ image, steps })
        this.adopt(backend.name, workload, performance.now() - start)
      }
    } catch {
      // The call itself will say what is wrong, if anything is.
    }
  }

  #scale(backend: BackendName, ratio: number): void {
    const { fixedMs, workPerMs, bytesPerMs } = this.#costs[backend]
    this.#costs[backend] = { fixedMs: fixedMs * ratio, workPerMs: workPerMs / ratio, bytesPerMs: bytesPerMs / ratio }
  }
}
