import type { Node, Plan } from '../../plan.js'
import { type Shape, type Stage, bytesOf } from '../../stage.js'
import { strideOf } from './stride.js'

/**
 * One pass of the row loop over the image: stages in order, the last of which is the sink. The stages that are
 * images in memory come with a node of the plan and no kernel.
 */
export interface Phase {
  readonly stages: readonly PhaseStage[]
  /** The node of the plan that this phase makes. */
  readonly sink: number
}

export interface PhaseStage {
  readonly stage: Stage
  /** Index in the phase; -1 for an image in memory. */
  readonly input: number
  readonly join: number
  readonly shape: Shape
  /** The node of the plan, which tells where an image is; -1 for a stage that only the phase has. */
  readonly node: number
}

/** Puts pixels of an image into rows of the phase's own: those have room around them, and do not share their cache sets. */
const COPY: Stage = { kernel: 'copy', kind: 'point', params: { left: 0 }, work: 0.2 }

/** Cuts a plan where a stage needs another's result complete: each phase reads images and makes one. */
export function phases(plan: Plan): readonly Phase[] {
  let cut = phasesOfPlan.get(plan)
  if (cut === undefined) phasesOfPlan.set(plan, (cut = cutPlan(plan)))
  return cut
}

/** Plans are asked for several times a call, and the same plan is used by many. */
const phasesOfPlan = new WeakMap<Plan, readonly Phase[]>()

function cutPlan(plan: Plan): readonly Phase[] {
  const images = imagesOf(plan)
  return images.filter((node) => node !== 0).map((sink) => phase(plan, sink, images))
}

/** The nodes that are complete before they are read, in order: the source first, the result last. */
function imagesOf({ nodes, result }: Plan): readonly number[] {
  const images = new Set<number>([0, result])
  nodes.forEach(({ stage, input }, index) => {
    if (stage.complete || stage.kind === 'reduce') images.add(index)
    const { border, rows, randomRows, wholeInput } = stage
    // A wrapped border needs the last rows for the first ones.
    if (index > 0 && (randomRows || wholeInput || (border === 'wrap' && (rows?.taps ?? 1) > 1))) images.add(input)
  })
  // What several phases would compute is computed once. The last such node comes first: those that it alone is made
  // from need not be images then, and rows of i32 never are.
  let size = -1
  while (size !== images.size) {
    size = images.size
    const readers = new Map<number, Set<number>>()
    for (const sink of images) {
      for (const node of reach({ nodes, result } as Plan, sink, images)) {
        readers.set(node, (readers.get(node) ?? new Set()).add(sink))
      }
    }
    const shared = [...readers].filter(([, sinks]) => sinks.size > 1).map(([node]) => node)
    if (shared.length > 0) images.add(Math.max(...shared))
  }
  // Where the result is the source, one phase copies it.
  return [...images].sort((a, b) => a - b)
}

/** The nodes that `sink` is computed from without reading an image in between, `sink` left out. */
function reach({ nodes }: Plan, sink: number, images: ReadonlySet<number>): readonly number[] {
  const found = new Set<number>()
  const visit = (index: number): void => {
    const { input, join } = nodes[index] as Node
    for (const next of [input, join]) {
      if (next < 0 || images.has(next) || found.has(next)) continue
      found.add(next)
      visit(next)
    }
  }
  visit(sink)
  return [...found].sort((a, b) => a - b)
}

/** As many rows in the same cache sets as most first caches have room for. */
const WAYS = 8

/** Whether a row is made from more rows at once than fit the cache, since their stride is one that is avoided: then copies do better. */
function isCrowded({ rows, stateBytes }: Stage, { width, channels, format }: Shape): boolean {
  const rowBytes = width * channels * bytesOf(format)
  return (rows?.taps ?? 1) > WAYS && stateBytes === undefined && strideOf(rowBytes) >= rowBytes + 16
}

function phase(plan: Plan, sink: number, images: readonly number[]): Phase {
  const { nodes } = plan
  const stages: PhaseStage[] = []
  const places = new Map<string, number>()
  const add = (key: string, stage: PhaseStage): number => {
    stages.push(stage)
    places.set(key, stages.length - 1)
    return stages.length - 1
  }
  const image = (node: number): number =>
    places.get(`image ${node}`) ??
    add(`image ${node}`, { stage: nodes[0]!.stage, input: -1, join: -1, shape: (nodes[node] as Node).shape, node })
  const padded = (node: number, above: number, below: number): number => {
    const known = places.get(`padded ${node}`)
    if (known !== undefined) return known
    const input = image(node)
    const { shape } = nodes[node] as Node
    const stage: Stage = above + below === 0 ? COPY : { ...COPY, rows: { taps: 1, offset: -above }, border: 'wrap' }
    return add(`padded ${node}`, { stage, input, join: -1, shape: { ...shape, height: shape.height + above + below }, node: -1 })
  }
  const isImage = new Set(images)
  for (const index of [...reach(plan, sink, isImage), sink]) {
    const { stage, input, join, shape } = nodes[index] as Node
    const find = (from: number): number => (from < 0 ? -1 : isImage.has(from) ? image(from) : (places.get(`${from}`) as number))
    const isPadded = stage.columns !== undefined && !stage.ownEdges
    if (!isImage.has(input) || !(isPadded || isCrowded(stage, (nodes[input] as Node).shape))) {
      add(`${index}`, { stage, input: find(input), join: find(join), shape, node: index })
      continue
    }
    // Copied rows come in ascending order, so that a wrapped border has to be part of the copy.
    const { taps = 1, offset = 0 } = stage.rows ?? {}
    const wraps = stage.border === 'wrap' && taps > 1
    const above = wraps ? -offset : 0
    const reads = padded(input, above, wraps ? offset + taps - 1 : 0)
    add(`${index}`, { stage: wraps ? { ...stage, rows: { taps, offset: 0 } } : stage, input: reads, join: find(join), shape, node: index })
  }
  return { stages, sink }
}
