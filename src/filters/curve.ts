import type { Params, Values } from '../params.js'
import type { Stage } from '../stage.js'
import { type Context, type Definition, type Filter, defineFilter } from './define.js'
import { lineOf } from './line.js'
import { clamp, mapColour, round } from './maths.js'

interface Curve<P extends Params> extends Omit<Definition<P>, 'stages' | 'reference'> {
  /** The new value of a colour level in 0..255, before rounding and clamping. */
  readonly curve: (values: Values<P>) => (level: number, channel: number) => number
}

/** A filter that changes each colour level by itself: a table of 256 entries. Alpha is copied. */
export function defineCurve<const P extends Params>({ curve, ...rest }: Curve<P>): Filter<P> {
  const definition = {
    ...rest,
    stages: (values: Values<P>, { channels }: Context) => [lookUp(tableOf(curve(values), channels), channels)],
    reference: (image: Parameters<typeof mapColour>[0], values: Values<P>) => mapColour(image, curve(values)),
  }
  return defineFilter<P>(definition as unknown as Definition<P>)
}

/** What assembly/kernels/lut.ts keeps: a table of all pairs of bytes for every two channels. */
const stateBytesOf = (channels: number): number => 16 + 2 ** 17 * Math.ceil(channels / 2)

/** The stage of a table with 256 entries a channel. */
export function lookUp(table: Uint8Array | { readonly reduction: number }, channels: number): Stage {
  const known = table instanceof Uint8Array ? table : undefined
  const line = known && lineOf(known)
  if (line === undefined) return { kernel: 'lut', kind: 'point', params: { table }, table: known, stateBytes: stateBytesOf(channels), work: 0.5 }
  return { kernel: 'line', kind: 'point', params: { ...line }, table: known, work: line.shift > 0 ? 0.5 : 0.15 }
}

function tableOf(curve: (level: number, channel: number) => number, channels: number): Uint8Array {
  return new Uint8Array(channels * 256).map((_, i) => {
    const level = i & 255
    const channel = i >> 8
    return channel === 3 ? level : clamp(round(curve(level, channel)))
  })
}
