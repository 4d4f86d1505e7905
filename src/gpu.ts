import type { Backend } from './backends/backend.js'
import { WebgpuBackend } from './backends/webgpu/backend.js'
import type { Costs } from './costs.js'
import type { Step } from './filters/define.js'

/**
 * Starting a GPU takes a while, which one call does not repay: it is looked for, beside the work, by the second call
 * that is predicted to take at least this long without.
 */
const WORTH_MS = 20
const WORTH_CALLS = 2

export interface GpuOptions {
  /** `false`: none; or a device of the caller's. */
  readonly gpu: boolean | GPUDevice
  readonly memoryBudgetBytes: number
}

/** The GPU of an engine: looked for when it may pay, asked for anew when it was lost. */
export class Gpu {
  readonly #options: GpuOptions
  readonly #costs: Costs
  #backend: WebgpuBackend | string
  /** Calls so far that might have been faster on a GPU. */
  #worthwhile = 0
  #opening: Promise<void> | undefined

  constructor(options: GpuOptions, costs: Costs) {
    this.#options = options
    this.#costs = costs
    this.#backend =
      options.gpu === false ? 'createEngine was told to leave the GPU alone' : 'not started, since so far there was too little to do to repay that'
  }

  /** The backend, or the reason why there is none. */
  get backend(): WebgpuBackend | string {
    return this.#backend
  }

  /** Whether a call that is predicted to take this long without a GPU should look for one. */
  isWorthwhile(predictedMs: number): boolean {
    if (predictedMs >= WORTH_MS) this.#worthwhile++
    return this.#worthwhile >= WORTH_CALLS
  }

  /** Looks for a GPU, once, and finds out how fast it is beside `rival` by the steps of the call that wants it. */
  open(steps: readonly Step[], rival: Backend | undefined): Promise<void> {
    const { gpu, memoryBudgetBytes } = this.#options
    if (gpu === false) return Promise.resolve()
    // Lost between calls: a new device is asked for.
    if (typeof this.#backend !== 'string' && this.#backend.lost !== undefined) this.lose(this.#backend.lost)
    const device = gpu === true ? undefined : gpu
    this.#opening ??= WebgpuBackend.open({ device, memoryBudgetBytes }).then(async (opened) => {
      this.#backend = opened
      if (typeof opened === 'string' || opened.software || rival === undefined) return
      await this.#costs.calibrate([rival, opened], steps)
    })
    return this.#opening
  }

  /** The device is lost: the next call that wants a GPU asks for another one, unless it was the caller's own. */
  lose(why: string): void {
    this.#backend = `the GPU was lost: ${why}`
    if (this.#options.gpu === true) this.#opening = undefined
  }

  async close(): Promise<void> {
    await this.#opening
    if (typeof this.#backend !== 'string') await this.#backend.close()
  }
}
