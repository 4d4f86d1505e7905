import type { Step } from '../filters/define.js'
import type { Image } from '../image.js'

export const BACKENDS = ['reference', 'wasm', 'webgpu'] as const
export type BackendName = (typeof BACKENDS)[number]

/** Whose turn comes first: someone waits for an interactive call; a batch call takes what is left, and a share of its own. */
export type Priority = 'interactive' | 'batch'

/** One call of `apply`, checked. */
export interface Call {
  readonly image: Image
  readonly steps: readonly Step[]
  /** The image that receives the result, of its size; absent: a new one. */
  readonly into?: Image | undefined
  /** Default: interactive. */
  readonly priority?: Priority | undefined
  readonly signal?: AbortSignal | undefined
  /** Called with a fraction from 0 to 1. */
  readonly onProgress?: ((fraction: number) => void) | undefined
}

/** What a backend did. */
export interface Outcome {
  readonly image: Image
  /** Passes over the pixels: phases of the row loop, or compute passes. */
  readonly passes: number
  /** Strips of rows, or tiles. */
  readonly strips: number
  /** Bytes copied in and out. */
  readonly bytesMoved: number
}

export interface Backend {
  readonly name: BackendName
  run(call: Call): Promise<Outcome>
  close(): Promise<void>
}
