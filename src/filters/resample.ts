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
export function resampling({ reach, at }: Kernel, from: number, to: number): Weights {
  const stretch = Math.max(1, from / to)
  const places = Array.from({ length: to }, (_, i) => {
    const centre = ((2 * i + 1) * from) / (2 * to)
    const first = Math.max(0, Math.ceil(centre - reach * stretch - 0.5 - 1e-6))
    const last = Math.min(from - 1, Math.floor(centre + reach * stretch - 0.5 + 1e-6))
    // The distance is a quotient of whole numbers: it is as exact as can be, and -t where the image is mirrored.
    const distance = (k: number): number => ((2 * k + 1) * to - (2 * i + 1) * from) / (2 * Math.max(to, from))
    return { first, weights: Array.from({ length: last - first + 1 }, (_, k) => at(distance(first + k))) }
  })
  return tableOf(places, from)
}

/** Weights as integers, each place's with the same sum. Places begin inside 0..length - 1, in ascending order. */
export function tableOf(places: readonly { readonly first: number; readonly weights: readonly number[] }[], length: number): Weights {
  const exact = places.map(({ weights }) => quantise(weights, SHIFT))
  const shift = exact.every((weights) => weights.every((w) => Math.abs(w) <= MAX_WEIGHT)) ? SHIFT : SHIFT - 1
  const rows = places.map(({ first, weights }, i) => trim(first, shift === SHIFT ? (exact[i] as number[]) : quantise(weights, shift)))
  // Trimming may have moved a start beyond the next one.
  for (let i = rows.length - 2; i >= 0; i--) {
    const row = rows[i] as Row
    const first = Math.min(row.first, (rows[i + 1] as Row).first)
    rows[i] = { first, weights: [...new Array<number>(row.first - first).fill(0), ...row.weights] }
  }
  const taps = rows.reduce((most, { weights }) => Math.max(most, weights.length), 0)
  const starts = new Int32Array(rows.length)
  const weights = new Int16Array(rows.length * taps)
  rows.forEach((row, i) => {
    starts[i] = Math.max(0, Math.min(row.first, length - taps))
    weights.set(row.weights, i * taps + row.first - (starts[i] as number))
  })
  return { taps, starts, weights, shift }
}

interface Row {
  readonly first: number
  readonly weights: readonly number[]
}

/** Fractions of 2^shift: differences of the rounded running sum, so that their sum is exact. */
function quantise(weights: readonly number[], shift: number): number[] {
  const total = weights.reduce((sum, w) => sum + w, 0)
  let sum = 0
  let before = 0
  return weights.map((w) => {
    sum += w
    const now = round((sum / total) * 2 ** shift)
    const weight = now - before
    before = now
    return weight
  })
}

/** Without the weights of 0 at either end. */
function trim(first: number, weights: readonly number[]): Row {
  const from = weights.findIndex((w) => w !== 0)
  const to = weights.findLastIndex((w) => w !== 0) + 1
  return { first: first + from, weights: weights.slice(from, to) }
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
    work: 1 + taps / 4,
  }
}

/** The stage that makes each pixel from weighted pixels of its row: what `weighted` does for 'x'. */
export function weightedColumns(table: Weights, channels: number, format: Format): Stage {
  const width = table.starts.length
  const taps = roundUp(table.taps, 2)
  // One channel: a vector holds eight taps, or four taps of two places. Four channels: two taps.
  const stride = taps <= 4 ? 4 : channels === 4 ? taps : roundUp(taps, 8)
  const { starts, weights, shift } = padded(table, stride, roundUp(width, 4))
  return {
    kernel: 'resize_x',
    kind: 'window',
    shape: { width, format },
    params: { taps, stride, shift, starts, weights },
    work: 1 + taps / 4,
  }
}
