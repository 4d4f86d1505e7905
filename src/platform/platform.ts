import type { WorkerData } from '../backends/wasm/protocol.js'

/** A worker as the pool sees it. */
export interface WorkerHandle {
  /** Whether the worker keeps the process alive. */
  ref(alive: boolean): void
  terminate(): Promise<void>
}

/** What differs between Node and browsers. Nothing else in the package touches `node:*` or `window`. */
export interface Platform {
  readonly name: 'node' | 'browser'
  /** Cores that this process may use. */
  readonly cores: number
  /** Starts a worker; `onExit` is called once when it ends, with the reason where it was not asked to. */
  startWorker(data: WorkerData, onExit: (error: Error | undefined) => void): WorkerHandle
  /** WebGPU, or the reason why there is none. */
  gpu(): Promise<GPU | string>
}
