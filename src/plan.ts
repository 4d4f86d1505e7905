import { MemoryError, StepError } from './errors.js'
import { lookUp } from './filters/curve.js'
import { type Context, type Step, factoryName } from './filters/define.js'
import { MAX_SIDE } from './image.js'
import type { Reduced, Shape, Slot, Stage } from './stage.js'

/** A stage in its place: `input` and `join` are indices of nodes before it; node 0 is the image itself. */
export interface Node {
  readonly stage: Stage
  readonly input: number
  /** -1: none. */
  readonly join: number
  readonly shape: Shape
}

/** What a chain of steps comes to: plain data, the same for every backend. */
export interface Plan {
  readonly source: Shape
  /** nodes[0] stands for the source and has no stage of its own. */
  readonly nodes: readonly Node[]
  /** The node whose pixels are the result. */
  readonly result: number
}

const SOURCE: Stage = { kernel: '', kind: 'point', work: 0 }

/** Images of three channels get alpha when they enter and lose it when they leave. */
export const ADD_ALPHA: Stage = { kernel: 'add_alpha', kind: 'point', shape: { channels: 4 }, work: 0.15 }
export const DROP_ALPHA: Stage = { kernel: 'drop_alpha', kind: 'point', shape: { channels: 3 }, work: 0.15 }

/** The most bytes that a result may have: no memory here holds more. */
const MAX_BYTES = 2 ** 32
/** What the sides that steps of one chain ask for may come to, all together: tables grow with them. */
const MAX_SIDES = 2 ** 23

/**
 * The shape after each step. Checks that every step can follow the ones before it, and that all of them ask for no more
 * than can be: before any table is made, since steps may come from anywhere.
 */
export function shapesOf(steps: readonly Step[], source: Shape): readonly Shape[] {
  const shapes: Shape[] = []
  let shape = source
  let sides = 0
  steps.forEach(({ filter, values }, index) => {
    const where = `step ${index + 1}, ${factoryName(filter.name)}`
    if (filter.colour && shape.channels === 1) {
      throw new StepError(`${where}: expected an image with colour (3 or 4 channels), got 1 channel; put this step before the one that removes colour`)
    }
    const wrong = filter.fits?.(values, shape)
    if (wrong !== undefined) throw new StepError(`${where}: ${wrong}`)
    const after = { ...shape, ...filter.shape?.(values, shape) }
    if (after.width !== shape.width || after.height !== shape.height) sides += after.width + after.height
    if (sides > MAX_SIDES) throw new StepError(`${where}: expected the sides of what all steps make to sum to at most ${MAX_SIDES}, got more`)
    shapes.push((shape = after))
  })
  return shapes
}

/** The same, and that some memory may hold the result. */
function checkedShapes(steps: readonly Step[], source: Shape): readonly Shape[] {
  const shapes = shapesOf(steps, source)
  const { width, height, channels } = shapes.at(-1) ?? source
  const bytes = width * height * channels
  if (bytes > MAX_BYTES) {
    throw new MemoryError(`isopix: a result of ${width} x ${height} x ${channels} = ${bytes} bytes fits no memory; the most is ${MAX_BYTES}`)
  }
  return shapes
}

/**
 * Makes the stages of one step after the other, which `compile` finds then: the tables of large images take long, and who
 * asks may let others have the thread in between.
 */
export function* makeStages(steps: readonly Step[], source: Shape): Generator<undefined, void> {
  const shapes = [source, ...checkedShapes(steps, source)]
  for (const [index, step] of steps.entries()) {
    const { channels, ...size } = shapes[index] as Shape
    const shape = { ...size, channels: channels === 3 ? 4 : channels } as const
    for (const opaque of [false, true]) stagesOf(step, { ...shape, opaque })
    yield
  }
}

function shapeAfter(stages: readonly Stage[], shape: Shape): Shape {
  const shapes: Shape[] = []
  stages.forEach(({ input, shape: differs }, index) => shapes.push({ ...(shapes[input ?? index - 1] ?? shape), ...differs }))
  return shapes.at(-1) ?? shape
}

/** The stages of a step, kept for the shapes it was last asked for: they are asked for several times a call. */
function stagesOf(step: Step, context: Context): readonly Stage[] {
  const { width, height, channels, opaque } = context
  const key = `${width} ${height} ${channels} ${opaque}`
  let known = stagesOfStep.get(step)
  if (known === undefined || known.size >= KEPT_SHAPES) stagesOfStep.set(step, (known = new Map()))
  const stages = known.get(key) ?? step.filter.stages(step.values, context)
  known.set(key, stages)
  return stages
}

const stagesOfStep = new WeakMap<Step, Map<string, readonly Stage[]>>()
const KEPT_SHAPES = 8

/** The last plans: the next frame, or the other images of a batch, have the same. */
const compiled: { readonly steps: readonly Step[]; readonly source: Shape; readonly opaque: boolean; readonly plan: Plan }[] = []
const KEPT_PLANS = 16

/**
 * Compiles steps to a plan. Steps that change nothing vanish, crops move before steps that work pixel by pixel,
 * and adjacent tables become one, which is exact since every step ends in 8 bits.
 * An image of three channels stays one unless a step leaves one channel.
 * @param opaque Every pixel of the source is known to have full alpha.
 */
export function compile(steps: readonly Step[], source: Shape, opaque: boolean): Plan {
  const at = compiled.findIndex(
    (known) =>
      known.opaque === opaque &&
      known.source.width === source.width &&
      known.source.height === source.height &&
      known.source.channels === source.channels &&
      known.steps.length === steps.length &&
      known.steps.every((step, index) => step === steps[index]),
  )
  // The caller may change its list; a copy is kept.
  const entry = compiled.splice(at, at < 0 ? 0 : 1)[0] ?? { steps: [...steps], source, opaque, plan: compileAnew(steps, source, opaque) }
  compiled.unshift(entry)
  compiled.length = Math.min(compiled.length, KEPT_PLANS)
  return entry.plan
}

function compileAnew(steps: readonly Step[], source: Shape, opaque: boolean): Plan {
  checkedShapes(steps, source)
  const nodes: Node[] = [{ stage: SOURCE, input: -1, join: -1, shape: source }]
  const isRgb = source.channels === 3
  let tail = isRgb ? append(nodes, [ADD_ALPHA], 0) : 0
  let context: Context = { ...(nodes[tail] as Node).shape, opaque: opaque || isRgb }
  for (const step of cropsFirst(steps, context)) {
    const stages = stagesOf(step, context)
    tail = append(nodes, stages, tail)
    context = {
      ...(nodes[tail] as Node).shape,
      opaque: context.opaque && (step.filter.keepsOpaque?.(step.values) ?? true),
    }
  }
  if (isRgb && context.channels === 4) tail = append(nodes, [DROP_ALPHA], tail)
  return { source, nodes, result: tail }
}

/** Moves crops before steps that work pixel by pixel, which then have less to do. */
function cropsFirst(steps: readonly Step[], source: Context): readonly Step[] {
  const ordered: { step: Step; pointwise: boolean; crop: boolean }[] = []
  let context = source
  for (const step of steps) {
    const stages = stagesOf(step, context)
    const crop = stages.length === 1 && stages[0]?.kernel === 'copy' && stages[0].rows?.starts === undefined
    const pointwise = stages.every((stage) => stage.kind === 'point')
    let place = ordered.length
    if (crop) while (place > 0 && ordered[place - 1]?.pointwise) place--
    ordered.splice(place, 0, { step, pointwise, crop })
    context = { ...context, ...shapeAfter(stages, context) }
  }
  return ordered.map(({ step }) => step)
}

/** Adds a step's stages after node `tail` and returns the node that is its result. */
function append(nodes: Node[], stages: readonly Stage[], tail: number): number {
  // Where each stage ended up; one that vanished is where its input is.
  const places: number[] = []
  const place = (local: number): number => (local < 0 ? tail : (places[local] as number))
  stages.forEach((stage, index) => {
    const input = place(stage.input ?? index - 1)
    const before = nodes[input] as Node
    const composed = composeTables(before.stage, stage, stages.length === 1 && input === nodes.length - 1)
    if (composed !== undefined) {
      // The table before was this node's alone, so that it is replaced.
      if (isIdentity(composed)) nodes.pop()
      else nodes[input] = { ...before, stage: composed }
      places.push(isIdentity(composed) ? before.input : input)
      return
    }
    if (isIdentity(stage)) {
      places.push(input)
      return
    }
    places.push(nodes.length)
    nodes.push({
      stage: resolveReductions(stage, place),
      input,
      join: stage.join === undefined ? -1 : place(stage.join),
      shape: { ...before.shape, ...stage.shape },
    })
  })
  return places.at(-1) ?? tail
}

function resolveReductions(stage: Stage, place: (local: number) => number): Stage {
  if (stage.params === undefined) return stage
  const moved = (slot: Slot): Slot => (isReduced(slot) ? { reduction: place(slot.reduction) } : slot)
  return { ...stage, params: Object.fromEntries(Object.entries(stage.params).map(([name, slot]) => [name, moved(slot)])) }
}

export const isReduced = (slot: Slot): slot is Reduced => typeof slot === 'object' && 'reduction' in slot

/** The look-up table that does what two do in turn, where both stages are tables. */
function composeTables({ table: inner }: Stage, { table: outer }: Stage, adjacent: boolean): Stage | undefined {
  if (!adjacent || inner === undefined || outer === undefined) return undefined
  return lookUp(inner.map((level, i) => outer[(i & ~255) + level] as number), inner.length / 256)
}

const isIdentity = ({ table }: Stage): boolean => table?.every((level, i) => level === (i & 255)) ?? false

/** Which rows of its input rows y0 to y1 - 1 of a node need; they may lie outside of it. */
export function rowsNeeded({ stage }: Pick<Node, 'stage'>, y0: number, y1: number): { from: number; to: number } {
  const { taps = 1, offset = 0, starts } = stage.rows ?? {}
  if (stage.wholeInput) return { from: 0, to: MAX_SIDE }
  if (starts === undefined) return { from: y0 + offset, to: y1 - 1 + offset + taps }
  const used = starts.subarray(y0, y1)
  return { from: Math.min(...minMax(used)), to: Math.max(...minMax(used)) + taps }
}

function minMax(values: Int32Array): [number, number] {
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))]
}
