import { platform } from '#platform'
import type { Rows } from '../../border.js'
import { copyInBands } from '../../copy.js'
import type { Image } from '../../image.js'
import { turn } from '../../turns.js'
import type { Strip } from './forms.js'
import type { Arena } from './memory.js'
import type { PoolJob } from './pool.js'

/** Copies between the caller's memory and the engine's that are made while a phase runs, where workers run it. */
export interface Ferry {
  /** Copies the source in from above; calls `arrived` with the row up to which nothing has to be waited for any more. */
  readonly copyIn?: ((arrived?: (row: number) => void) => Promise<void>) | undefined
  /** Copies rows y0 to y1 - 1 of the result out. */
  readonly copyOut?: ((y0: number, y1: number) => Promise<void>) | undefined
}

/** How a job is fed and drained: each strip is opened when what it reads is there and copied out when it is done, in that order. */
export function ferryStrips(strips: readonly Strip[], { copyIn, copyOut }: Ferry): Pick<PoolJob, 'feed' | 'drain'> {
  const waiting = [...strips]
  return {
    feed:
      copyIn &&
      ((open) =>
        copyIn((row) => {
          while (waiting[0] !== undefined && waiting[0].needs <= row) open((waiting.shift() as Strip).index)
        })),
    drain:
      copyOut &&
      (async (done) => {
        for (const { index, from, to } of strips) {
          await done(index)
          await turn()
          await copyOut(from, to)
        }
      }),
  }
}

interface Crossing {
  /** Bytes that are copied at once. */
  readonly bandBytes: number
  readonly signal: AbortSignal | undefined
  readonly arrived: ((row: number) => void) | undefined
}

/** Copies rows of an image to where they are in one at `address`. */
export async function copyRowsIn(arena: Arena, address: number, image: Image, { from, to }: Rows, { bandBytes, signal, arrived }: Crossing): Promise<void> {
  const rowBytes = image.width * image.channels
  const first = from * rowBytes
  const copyBand = (start: number, end: number): void => {
    signal?.throwIfAborted()
    platform.copy(arena.bytes(address + first + start, end - start), image.data.subarray(first + start, first + end))
    arrived?.(from + end / rowBytes)
  }
  await copyInBands(to * rowBytes - first, rowBytes, copyBand, bandBytes)
}

/** Copies rows of an image at `address` to where they are in `out`. */
export async function copyRowsOut(arena: Arena, address: number, out: Uint8Array | Uint8ClampedArray, rowBytes: number, { from, to }: Rows, bandBytes: number): Promise<void> {
  const first = from * rowBytes
  const copyBand = (start: number, end: number): void => {
    platform.copy(out.subarray(first + start, first + end), arena.bytes(address + first + start, end - start))
  }
  await copyInBands(to * rowBytes - first, rowBytes, copyBand, bandBytes)
}
