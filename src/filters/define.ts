import { InvalidArgumentError } from '../errors.js'
import type { Image } from '../image.js'
import { type Input, type Params, type Values, resolve } from '../params.js'
import type { Shape, Stage } from '../stage.js'

/** What a filter's stages may depend on besides its parameters. */
export interface Context extends Shape {
  /** Every pixel is known to have full alpha, or there is no alpha. */
  readonly opaque: boolean
}

/** Everything about a filter except its kernels. */
export interface Definition<P extends Params = Params> {
  /** kebab-case; the same base name in src/filters, assembly/kernels and shaders. */
  readonly name: string
  /** One sentence for people. */
  readonly summary: string
  /** More prose for the reference page: formula, channels, rounding, source. */
  readonly details?: string
  readonly params: P
  /** Needs colour: cannot follow a step that leaves one channel. */
  readonly colour?: boolean
  /** Checks that concern several parameters; returns what is wrong as a sentence, or undefined. */
  readonly check?: (values: Values<P>) => string | undefined
  /** Checks that concern the image; returns what is wrong as a sentence, or undefined. */
  readonly fits?: (values: Values<P>, shape: Shape) => string | undefined
  /** What of the image's shape differs in the result: what the stages say too, for those who ask before any table is made. */
  readonly shape?: (values: Values<P>, shape: Shape) => Partial<Pick<Shape, 'width' | 'height' | 'channels'>>
  /** Whether an opaque image stays opaque. Default: it does. */
  readonly keepsOpaque?: (values: Values<P>) => boolean
  /** The stages; an empty list leaves the image as it is. */
  readonly stages: (values: Values<P>, context: Context) => readonly Stage[]
  /** The specification: short, scalar, obvious. It never changes its input. Images have 1 or 4 channels. */
  readonly reference: (image: Image, values: Values<P>) => Image
  /** Parameters to test and time besides the defaults. */
  readonly cases: readonly Input<P>[]
  /** Parameters that stand for the defaults where some have none. */
  readonly example?: Input<P>
}

/** One step of a chain. `JSON.stringify` gives `{ "filter": name, …parameters }`, which `parseSteps` reads. */
export interface Step {
  readonly filter: Definition
  readonly values: Readonly<Record<string, unknown>>
  toJSON(): Record<string, unknown>
}

/** Nothing where there are no parameters; parameters that may be left out where all of them may. */
type Arguments<P extends Params> = [keyof P] extends [never]
  ? [input?: Record<string, never>]
  : Record<string, never> extends Input<P>
    ? [input?: Input<P>]
    : [input: Input<P>]

/** Makes a step. Parameters are checked here, so that an error points at the caller's line. */
export interface Filter<P extends Params = Params> {
  (...input: Arguments<P>): Step
  readonly definition: Definition<P>
}

/** The name of the factory: `gaussian-blur` is `gaussianBlur`. */
export const factoryName = (name: string): string => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())

/** @param where What errors call the filter: the factory, unless the caller wrote something else. */
export function makeStep(definition: Definition, input: unknown, where = factoryName(definition.name)): Step {
  const values = resolve(where, definition.params, input)
  const wrong = definition.check?.(values)
  if (wrong !== undefined) throw new InvalidArgumentError(`${where}: ${wrong}`)
  return Object.freeze({
    filter: definition,
    values,
    toJSON: () => ({ filter: definition.name, ...values }),
  })
}

export function defineFilter<const P extends Params>(definition: Definition<P>): Filter<P> {
  // Inside the engine a definition's parameters are opaque: only it reads its own values.
  const erased = definition as unknown as Definition
  const filter = (input?: unknown): Step => makeStep(erased, input)
  return Object.assign(filter, { definition }) as Filter<P>
}
