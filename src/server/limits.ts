// What a request may ask for. Everything here is decided before a pixel is decoded or a table is made.
import type { Step } from '../filters/define.js'
import { shapesOf } from '../plan.js'
import { Refusal } from './problems.js'

export interface Limits {
  /** Of a body, in bytes. */
  readonly maxBytes: number
  /** Of a picture, and of what any step makes of it. */
  readonly maxPixels: number
  readonly maxSteps: number
}

/** The longest side of a picture or a result. Planning a resize takes time that grows with the sides, not the pixels. */
export const MAX_SIDE = 16384
/** The longest list of steps as JSON. */
export const MAX_STEPS_BYTES = 65536

interface Size {
  readonly width: number
  readonly height: number
}

export function checkCount(count: number, { maxSteps }: Limits): void {
  if (count === 0) throw new Refusal('ERR_INVALID_ARGUMENT', 'no step is given, such as ?step=gaussian-blur:sigma=2; /v1/filters lists the filters')
  if (count > maxSteps) throw new Refusal('ERR_LIMIT', `expected at most ${maxSteps} steps, got ${count}`)
}

/** A picture as its header describes it. */
export function checkPicture(size: Size, limits: Limits): void {
  const wrong = excess(size, limits)
  if (wrong !== undefined) throw new Refusal('ERR_TOO_LARGE', `the picture ${wrong}`)
}

/** What steps would make of a picture: that they fit it, and every size on the way. */
export function checkSteps(steps: readonly Step[], { width, height, channels }: Size & { readonly channels: 3 | 4 }, limits: Limits): void {
  for (const [index, shape] of shapesOf(steps, { width, height, channels, format: 'u8' }).entries()) {
    const wrong = excess(shape, limits)
    if (wrong !== undefined) throw new Refusal('ERR_LIMIT', `step ${index + 1}, ${steps[index]?.filter.name}, makes a picture that ${wrong}`)
  }
}

/** What is too much about a size, in words. */
function excess({ width, height }: Size, { maxPixels }: Limits): string | undefined {
  if (width > MAX_SIDE || height > MAX_SIDE) return `is ${width} x ${height}, and no side may be longer than ${MAX_SIDE}`
  if (width * height > maxPixels) return `has ${width} x ${height} = ${width * height} pixels, and at most ${maxPixels} are allowed`
  return undefined
}
