import type { Image } from '../image.js'
import type { WorkerData } from '../backends/wasm/protocol.js'

/** A worker as a pool sees it. */
export interface WorkerHandle {
  post(message: unknown, transfer: readonly ArrayBuffer[]): void
  /** Whether the worker keeps the process alive. */
  ref(alive: boolean): void
  terminate(): Promise<void>
}

export interface WorkerOptions {
  readonly data: WorkerData
  /** A file to start instead of the script that is part of this package. */
  readonly url?: string | URL | undefined
  /** Called once when the worker ends, with the reason where it was not asked to. */
  readonly onExit: (error: Error | undefined) => void
  readonly onMessage?: (message: unknown) => void
}

/** What differs between Node and browsers. Nothing else in the package touches `node:*`, `Worker` or `navigator`. */
export interface Platform {
  readonly name: 'node' | 'browser'
  /** Cores that this process may use. */
  readonly cores: number
  /** Starts a worker. Throws where there are none. */
  startWorker(options: WorkerOptions): WorkerHandle
  /** The pixels of what this platform has besides plain ones; undefined where `source` is no such thing. */
  pixelsOf(where: string, source: unknown): Promise<Image> | undefined
  /** Bytes for those who write all of them before others see any: they may hold anything. */
  allocate(length: number): Uint8ClampedArray<ArrayBuffer>
  /** Copies as many bytes as `source` has into `target`, whose memory is another. */
  copy(target: Uint8Array | Uint8ClampedArray, source: Uint8Array | Uint8ClampedArray): void
  /** Lets everything go first that waits for this thread: events, timers, frames. */
  nextTask(): Promise<void>
  /** WebGPU, or the reason why there is none. */
  gpu(): Promise<GPU | string>
}
