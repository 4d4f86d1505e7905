// Sliders for ranges of every kind: where a value lies on its slider, and how far a key moves it.
import type { Param } from '../../src/params.js'

/** Positions of a slider are whole numbers from 0 to this. */
export const POSITIONS = 1000

export interface Scale {
  readonly position: (value: number) => number
  readonly value: (position: number) => number
  /** The value so many keys further. */
  readonly step: (value: number, keys: number) => number
}

interface Curve {
  /** From 0..1 to a value, and back. */
  readonly at: (t: number) => number
  readonly of: (value: number) => number
}

type Range = Pick<Param<unknown>, 'kind' | 'min' | 'max' | 'default' | 'unit'>

/** @param reach Where the slider ends, if before the largest value that is accepted. */
export function scaleOf(param: Range, reach = Infinity): Scale {
  const min = param.min as number
  const max = Math.min(param.max as number, Math.max(reach, min + 1))
  const { linear, curve } = curveOf(param, min, max)
  const whole = param.kind === 'integer'
  // A hundred steps or more where values lie evenly, two digits where they do not.
  const grain = (value: number): number => {
    const power = linear ? Math.floor(Math.log10((max - min) / 100)) : Math.floor(Math.log10(Math.max(Math.abs(value), 0.1))) - 1
    return whole ? Math.max(1, 10 ** power) : 10 ** power
  }
  const tidy = (value: number, unit: number): number => clamp(Number((Math.round(value / unit) * unit).toPrecision(12)), min, max)
  return {
    position: (value) => Math.round(clamp(curve.of(clamp(value, min, max)), 0, 1) * POSITIONS),
    value: (position) => {
      const value = curve.at(position / POSITIONS)
      return tidy(value, whole ? 1 : grain(value))
    },
    step: (value, keys) => tidy(value + keys * grain(value), whole ? 1 : grain(value)),
  }
}

function curveOf({ kind, default: fallback, unit }: Range, min: number, max: number): { linear: boolean; curve: Curve } {
  const span = max - min
  const usual = typeof fallback === 'number' ? fallback : undefined
  // From a fraction to a multiple of the usual value: every doubling is as long.
  if (min > 0 && max / min >= 50 && usual !== undefined && max / usual >= 4) {
    return { linear: false, curve: { at: (t) => min * (max / min) ** t, of: (value) => Math.log(value / min) / Math.log(max / min) } }
  }
  // Far to both sides of 0: fine near it, the root of the range half-way.
  if (min === -max && max >= 128 && unit === undefined) {
    const log = Math.log1p(max)
    return {
      linear: false,
      curve: {
        at: (t) => Math.sign(t - 0.5) * Math.expm1(Math.abs(2 * t - 1) * log),
        of: (value) => 0.5 + (Math.sign(value) * Math.log1p(Math.abs(value))) / log / 2,
      },
    }
  }
  // The usual value lies near the beginning: more room there.
  if (min === 0 && usual !== undefined && usual > 0 && max / usual >= (kind === 'integer' ? 20 : 4)) {
    return { linear: false, curve: { at: (t) => max * t * t, of: (value) => Math.sqrt(value / max) } }
  }
  return { linear: true, curve: { at: (t) => min + span * t, of: (value) => (value - min) / span } }
}

const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value))
