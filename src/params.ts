import { BORDERS } from './border.js'
import { InvalidArgumentError, nearest } from './errors.js'
import type { Fill } from './stage.js'

/** One parameter of a filter: everything that is known about it, in one place. */
export interface Param<T> {
  readonly kind: 'number' | 'integer' | 'choice' | 'list' | 'color'
  readonly summary: string
  /** Absent where the caller has to give a value. */
  readonly default?: T
  readonly min?: number
  readonly max?: number
  readonly unit?: string
  readonly options?: readonly string[]
  /** What values are accepted, as a noun phrase. */
  readonly expected: string
  /** The value to use, or undefined where `value` is not accepted. */
  readonly accept: (value: unknown) => T | undefined
  /** A value from text, as on a command line; what it returns still has to be accepted. */
  readonly fromText: (text: string) => unknown
}

export type Params = Readonly<Record<string, Param<unknown>>>

/** The values of all parameters, defaults filled in. */
export type Values<P extends Params> = { readonly [K in keyof P]: P[K] extends Param<infer T> ? T : never }

type Given<T> = T extends Fill ? string | number | readonly number[] : T extends readonly number[] ? ArrayLike<number> : T
type Required<P extends Params> = { [K in keyof P]: P[K] extends { default: unknown } ? never : K }[keyof P]
type Optional<P extends Params> = Exclude<keyof P, Required<P>>

/** What a caller passes: required parameters, and any of the others. */
export type Input<P extends Params> = { readonly [K in Required<P>]: P[K] extends Param<infer T> ? Given<T> : never } & {
  readonly [K in Optional<P>]?: (P[K] extends Param<infer T> ? Given<T> : never) | undefined
}

type Range = { readonly min: number; readonly max: number; readonly unit?: string; readonly summary: string }
type WithDefault<T> = Param<T> & { readonly default: T }

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const textToNumber = (text: string): unknown => (text.trim() === '' ? text : Number.isNaN(Number(text)) ? text : Number(text))

export function number(spec: Range & { readonly default: number }): WithDefault<number> {
  return {
    ...spec,
    kind: 'number',
    expected: `a number from ${spec.min} to ${spec.max}`,
    accept: (value) => (isNumber(value) && value >= spec.min && value <= spec.max ? value : undefined),
    fromText: textToNumber,
  }
}

export function integer(spec: Range & { readonly default: number }): WithDefault<number>
export function integer(spec: Range): Param<number>
export function integer(spec: Range & { readonly default?: number }): Param<number> {
  return {
    ...spec,
    kind: 'integer',
    expected: `a whole number from ${spec.min} to ${spec.max}`,
    accept: (value) => (Number.isInteger(value) && (value as number) >= spec.min && (value as number) <= spec.max ? (value as number) : undefined),
    fromText: textToNumber,
  }
}

export function choice<const T extends string>(spec: {
  readonly options: readonly T[]
  readonly default: NoInfer<T>
  readonly summary: string
}): WithDefault<T> {
  return {
    ...spec,
    kind: 'choice',
    expected: `one of ${spec.options.join(', ')}`,
    accept: (value) => spec.options.find((option) => option === value),
    fromText: (text) => text,
  }
}

/** A list of numbers of one of the given lengths; `lengths` empty means any length from 1. */
export function list(spec: {
  readonly lengths: readonly number[]
  readonly min: number
  readonly max: number
  readonly integer?: boolean
  readonly summary: string
}): Param<readonly number[]> {
  const what = spec.integer ? 'whole numbers' : 'numbers'
  const count = spec.lengths.length === 0 ? '' : `${spec.lengths.join(' or ')} `
  return {
    kind: 'list',
    summary: spec.summary,
    min: spec.min,
    max: spec.max,
    expected: `a list of ${count}${what} from ${spec.min} to ${spec.max}`,
    accept(value) {
      if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return undefined
      const numbers = Array.from(value as ArrayLike<number>)
      if (spec.lengths.length > 0 ? !spec.lengths.includes(numbers.length) : numbers.length === 0) return undefined
      const fits = (n: unknown): boolean => isNumber(n) && n >= spec.min && n <= spec.max && (!spec.integer || Number.isInteger(n))
      return numbers.every(fits) ? Object.freeze(numbers) : undefined
    },
    fromText: (text) => text.split(/[\s/;]+/).filter((part) => part !== '').map(textToNumber),
  }
}

/** A colour: `#rgb`, `#rrggbb`, `#rrggbbaa`, one grey level, or 3 or 4 levels in 0..255. */
export function color(spec: { readonly default: Fill; readonly summary: string }): WithDefault<Fill> {
  return {
    ...spec,
    kind: 'color',
    expected: 'a colour such as "#336699", 128 or [51, 102, 153, 255]',
    accept(value) {
      const levels = typeof value === 'string' ? fromHex(value) : typeof value === 'number' ? [value, value, value] : value
      if (!Array.isArray(levels) || (levels.length !== 3 && levels.length !== 4)) return undefined
      if (!levels.every((level) => Number.isInteger(level) && level >= 0 && level <= 255)) return undefined
      const [r, g, b, a = 255] = levels as number[]
      return Object.freeze([r, g, b, a]) as Fill
    },
    fromText: (text) => (text.startsWith('#') ? text : text.includes('/') ? text.split('/').map(textToNumber) : textToNumber(text)),
  }
}

function fromHex(text: string): number[] | undefined {
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$/i.exec(text)?.[1]
  if (digits === undefined) return undefined
  const pairs = digits.length === 3 ? [...digits].map((digit) => digit + digit) : (digits.match(/../g) as string[])
  return pairs.map((pair) => Number.parseInt(pair, 16))
}

/** The two parameters of every filter that looks beyond the edge of the image. */
export const borderParams = {
  border: choice({ options: BORDERS, default: 'replicate', summary: 'What lies outside the image.' }),
  fill: color({ default: [0, 0, 0, 255], summary: 'The colour outside the image where the border is constant.' }),
}

/** Checks what a caller gave against the parameters and fills in the defaults. `where` names the filter. */
export function resolve<P extends Params>(where: string, params: P, given: unknown = {}): Values<P> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw InvalidArgumentError.of(where, 'its parameters', 'an object', given)
  }
  const names = Object.keys(params)
  for (const key of Object.keys(given)) {
    if (names.includes(key)) continue
    const near = nearest(key, names)
    const hint = near === undefined ? '' : ` (did you mean "${near}"?)`
    throw new InvalidArgumentError(
      `${where}: unknown parameter "${key}"${hint}; it has ${names.length === 0 ? 'none' : names.join(', ')}`,
    )
  }
  const values: Record<string, unknown> = {}
  for (const [name, param] of Object.entries(params)) {
    const value = (given as Record<string, unknown>)[name]
    const accepted = value === undefined ? param.default : param.accept(value)
    if (accepted === undefined) throw InvalidArgumentError.of(where, name, param.expected, value)
    values[name] = accepted
  }
  return Object.freeze(values) as Values<P>
}
