import type { Image, Step } from '../src/index.js'

/** Where images are when the clock starts and stops: in the contender's own memory, or in buffers of the caller's. */
export type Memory = 'resident' | 'ordinary'

/** Anything that is timed: a backend of isopix, here or in a browser, or a peer. */
export interface Contender {
  readonly name: string
  /** What a reader has to know about it: version, threads, adapter. */
  readonly about: string
  readonly memory: Memory
  /** Has to give the bytes of the reference. */
  readonly exact?: boolean
  /** More megapixels than that take so long that they are not timed. */
  readonly mostMegapixels?: number
  /** Gets steps ready to run on an image. Undefined where it has nothing that does the same. */
  prepare(image: Image, steps: readonly Step[]): Promise<Prepared | undefined>
  close(): Promise<void>
}

/** Steps on an image, ready to be timed. */
export interface Prepared {
  /** What differs from isopix in what is done, for the reader. */
  readonly note?: string | undefined
  /** How far from isopix' picture this one may be, where the difference in the note needs more than the usual bound. */
  readonly bound?: Bound | undefined
  /** Alpha comes out as something else; the note says so, and it is not compared. */
  readonly ignoresAlpha?: boolean | undefined
  /** Runs the steps that many times in turn, and resolves to the milliseconds of all of them by a clock beside the work. */
  time(calls: number): Promise<number>
  /** What the last call made. */
  result(): Promise<Image>
  /** A hash of its bytes, where those are a long way off. */
  digest?(): Promise<string>
  dispose(): Promise<void>
}

/** The most that two pictures of the same thing may differ, in levels of 255. */
export interface Bound {
  readonly mean: number
  readonly most: number
}

/** Times an async function by this process' clock. */
export async function clock(calls: number, call: () => unknown): Promise<number> {
  const start = performance.now()
  for (let i = 0; i < calls; i++) await call()
  return performance.now() - start
}
