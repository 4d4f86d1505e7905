// What the page and its worker say to each other. All work on pixels is the worker's, so that the page never waits.
import type { BackendName } from '../../src/backends/backend.js'
import type { Capabilities } from '../../src/choose.js'
import type { RunInfo } from '../../src/run-info.js'
import type { Histogram } from './histogram.js'

export type FileType = 'image/png' | 'image/jpeg' | 'image/webp'

/** A picture to work on: a file, a frame of a camera, or the one that is drawn by the worker. */
export type Source = Blob | ImageBitmap | 'sample'

/** Pixels to show, and what is known of them. */
export interface Shown {
  readonly bitmap: ImageBitmap
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly histogram: Histogram
}

export interface Filtered extends Shown {
  readonly run: RunInfo
  readonly capabilities: Capabilities
}

export interface Job {
  /** Steps as JSON. */
  readonly steps: string
  readonly backend: BackendName | 'auto'
}

/** A small picture of what a step does; without a bitmap where it cannot follow. */
export interface Look {
  readonly index: number
  readonly bitmap?: ImageBitmap
  readonly reason?: string
}

/** The worker's methods: what they take, and what they give. */
export interface Methods {
  /** Takes a picture for all runs that follow. */
  open: [input: { readonly source: Source }, output: Shown]
  /** Filters the picture; notes are fractions of the work. */
  run: [input: Job, output: Filtered]
  /** The last result as a file. */
  encode: [input: { readonly type: FileType }, output: Blob]
  /** Small pictures of steps, each alone on top of the last result; they come as notes. */
  looks: [input: { readonly steps: readonly string[] }, output: undefined]
}

export type Method = keyof Methods
export type Input<M extends Method> = Methods[M][0]
export type Output<M extends Method> = Methods[M][1]

export type Request = { readonly id: number; readonly method: Method; readonly input: Input<Method> } | { readonly id: number; readonly abort: true }

export type Reply =
  | { readonly id: number; readonly output: Output<Method> }
  | { readonly id: number; readonly note: unknown }
  | { readonly id: number; readonly failure: Failure }

export interface Failure {
  readonly name: string
  readonly message: string
  /** The place in the list of the step that is at fault. */
  readonly step?: number
}
