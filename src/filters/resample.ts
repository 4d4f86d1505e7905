import type { Format, Stage } from '../stage.js'
import { type Weights, round } from './maths.js'

/** What a place weighs that lies `t` away, in units of the kernel; 0 beyond `reach`. */
export interface Kernel {
  readonly reach: number
  readonly at: (t: number) => number
}

/** How a place's weights are held: a fraction of 2^15, or of 2^14 where one of them would not fit an i16. */
const SHIFT = 15
const MAX_WEIGHT = 32767

/**
 * The weights with which `from` pixels become `to`. Pixels are squares with centres at .5; where they become fewer,
 * the kernel is stretched by as much. Weights outside the image are dropped and the rest scaled to a sum of 1.
 */
export function resampling(kernel: Kernel, from: number, to: number): Weights {
  return tableOf(kernel, from, to, SHIFT) ?? (tableOf(kernel, from, to, SHIFT - 1) as Weights)
}

/** Weights as fractions of 2^shift, each place's with the same sum; undefined where one of them does not fit an i16. */
function tableOf({ reach, at }: Kernel, from: number, to: number, shift: number): Weights | undefined {
  const stretch = Math.max(1, from / to)
  const room = Math.floor(2 * reach * stretch) + 2
  const fractions = new Int16Array(to * room)
  // Where each place's weights begin and end that are not 0.
  const begins = new Int32Array(to)
  const ends = new Int32Array(to)
  const exact = new Float64Array(room)
  for (let i = 0; i < to; i++) {
    const centre = ((2 * i + 1) * from) / (2 * to)
    const first = Math.max(0, Math.ceil(centre - reach * stretch - 0.5 - 1e-6))
    const count = Math.min(from - 1, Math.floor(centre + reach * stretch - 0.5 + 1e-6)) - first + 1
    let total = 0
    for (let k = 0; k < count; k++) {
      // The distance is a quotient of whole numbers: it is as exact as can be, and -t where the image is mirrored.
      exact[k] = at(((2 * (first + k) + 1) * to - (2 * i + 1) * from) / (2 * Math.max(to, from)))
      total += exact[k] as number
    }
    if (!quantise(exact.subarray(0, count), total, shift, fractions.subarray(i * room))) return undefined
    let [begin, end] = [0, count]
    while (fractions[i * room + begin] === 0) begin++
    while (fractions[i * room + end - 1] === 0) end--
    fractions.copyWithin(i * room, i * room + begin, i * room + end)
    begins[i] = first + begin
    ends[i] = first + end
  }

  // Places begin inside 0..from - 1, in ascending order: one that begins beyond the next begins there.
  const starts = begins.slice()
  for (let i = to - 2; i >= 0; i--) starts[i] = Math.min(starts[i] as number, starts[i + 1] as number)
  const taps = ends.reduce((most, end, i) => Math.max(most, end - (starts[i] as number)), 0)
  const weights = new Int16Array(to * taps)
  for (let i = 0; i < to; i++) {
    const begin = begins[i] as number
    starts[i] = Math.max(0, Math.min(starts[i] as number, from - taps))
    weights.set(fractions.subarray(i * room, i * room + (ends[i] as number) - begin), i * taps + begin - (starts[i] as number))
  }
  return { taps, starts, weights, shift }
}

/** Differences of the rounded running sum, so that their sum is exact. Returns whether they fit. */
function quantise(weights: Float64Array, total: number, shift: number, into: Int16Array): boolean {
  let sum = 0
  let before = 0
  for (let k = 0; k < weights.length; k++) {
    sum += weights[k] as number
    const now = round((sum / total) * 2 ** shift)
    if (Math.abs(now - before) > MAX_WEIGHT) return false
    into[k] = now - before
    before = now
  }
  return true
}

/** Stages are made several times a call, from tables that are remembered. */
const known = new WeakMap<Weights, Map<string, Weights>>()

/** The same weights with `newTaps` a place and for `places` places, what is new being 0 and the last place's. */
function padded(table: Weights, newTaps: number, places: number): Weights {
  const { taps, starts, weights, shift } = table
  if (newTaps === taps && places === starts.length) return table
  const forms = known.get(table) ?? new Map<string, Weights>()
  known.set(table, forms)
  const key = `${newTaps} ${places}`
  const found = forms.get(key)
  if (found !== undefined) return found
  const form = { taps: newTaps, starts: new Int32Array(places), weights: new Int16Array(places * newTaps), shift }
  for (let i = 0; i < places; i++) {
    const from = Math.min(i, starts.length - 1)
    form.starts[i] = starts[from] as number
    for (let k = 0; k < taps; k++) form.weights[i * newTaps + k] = weights[from * taps + k] as number
  }
  forms.set(key, form)
  return form
}

const roundUp = (n: number, to: number): number => Math.ceil(n / to) * to

/** The stage that makes rows from weighted rows: what `weighted` does for 'y'. */
export function weightedRows(table: Weights, format: Format): Stage {
  const height = table.starts.length
  const taps = roundUp(table.taps, 2)
  const { starts, weights, shift } = padded(table, taps, height)
  return {
    kernel: 'resize_y',
    kind: 'window',
    shape: { height, format },
    rows: { taps, starts },
    params: { taps, shift, weights },
    work: 0.35 + 0.13 * taps,
  }
}

/** The stage that makes each pixel from weighted pixels of its row: what `weighted` does for 'x'. */
export function weightedColumns(table: Weights, channels: number, format: Format): Stage {
  const width = table.starts.length
  const taps = roundUp(table.taps, 2)
  // One channel: a vector holds eight taps, or four taps of two places. Four channels: two taps of one.
  const stride = channels === 4 ? taps : taps <= 4 ? 4 : roundUp(taps, 8)
  const { starts, weights, shift } = padded(table, stride, roundUp(width, 4))
  return {
    kernel: 'resize_x',
    kind: 'window',
    shape: { width, format },
    params: { taps, stride, shift, starts, weights },
    work: 0.4 + 0.2 * taps,
  }
}
