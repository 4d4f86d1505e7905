import type { BackendName, Threading } from './backends/backend.js'

/** How a result came about. */
export interface RunInfo {
  readonly backend: BackendName
  /** Why this backend, in words. */
  readonly reason: string
  readonly milliseconds: number
  /** Times that the pixels were gone through: passes of the row loop, or compute passes. */
  readonly passes: number
  /** Parts that the rows were cut into. */
  readonly strips: number
  /** Bytes copied into the backend and out of it. */
  readonly bytesMoved: number
  /** How wasm reached threads: see `capabilities.wasm.threading` for the reason. Absent on other backends. */
  readonly threading?: Threading
}
