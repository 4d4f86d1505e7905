import { type Shape, bytesOf } from '../../stage.js'
import type { Pass } from './passes.js'

/** TILE_WORDS in shaders/lib/tile.wgsl: 16 KiB, what every device has. */
export const TILE_WORDS = 4096
/** Units and rows of a workgroup. */
export const WORKGROUP = 16

/** Pixels and rows that a window reaches to each side of the one it makes. */
export interface Reach {
  readonly left: number
  readonly right: number
  readonly up: number
  readonly down: number
}

export function reachOf(pass: Pass): Reach {
  const { rows: { taps = 1, offset = 0 } = {}, columns: { left, right } = { left: 0, right: 0 } } = pass.window?.stage ?? {}
  return { left, right, up: Math.max(0, -offset), down: Math.max(0, offset + taps - 1) }
}

/** Whether a workgroup's memory holds the input of its windows. Threads that make several rows leave the workgroup's. */
export function fitsTile(pass: Pass, shapes: readonly Shape[]): boolean {
  if (pass.window === undefined || pass.window.stage.rows?.starts !== undefined || pass.window.stage.sweep) return false
  const { shape } = pass.window
  const input = pass.before.at(-1)?.shape ?? (shapes[pass.input] as Shape)
  // The result has to stand over its input, lane by lane.
  const after = pass.after.at(-1)?.shape ?? shape
  const aligned = [shape, after].every(({ width, height, channels }) => width === input.width && height === input.height && channels === input.channels)
  const { left, right, up, down } = reachOf(pass)
  const units = (pixels: number): number => (input.channels === 4 ? pixels : Math.ceil(pixels / 4))
  const words = (WORKGROUP + units(left) + units(right)) * (WORKGROUP + up + down) * bytesOf(input.format)
  return aligned && left + right + up + down > 0 && words <= TILE_WORDS
}
