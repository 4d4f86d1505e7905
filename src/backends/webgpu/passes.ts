import type { Node, Plan } from '../../plan.js'
import type { Shape, Stage } from '../../stage.js'

/** One operation inside a pass. */
export interface Level {
  readonly stage: Stage
  /** What it makes. */
  readonly shape: Shape
}

/** One compute pass: point stages before and after at most one window, all from one read of each pixel. */
export interface Pass {
  /** The node whose pixels are read. */
  readonly input: number
  /** The node that is read at the same pixel; -1: none. */
  readonly join: number
  /** The node that is made. */
  readonly output: number
  readonly before: readonly Level[]
  /** The window, with its node; absent in a pass of points only. */
  readonly window?: Level & { readonly node: number }
  readonly after: readonly Level[]
  /** This pass counts the pixels of its last level instead of writing them. */
  readonly reduces: boolean
}

/** Everything that a pass does, in its order. */
export const levelsOf = ({ before, window, after }: Pass): readonly Level[] => [...before, ...(window ? [window] : []), ...after]

/** Nodes that change nothing here: images of three channels have an alpha of 255 wherever a pass may read them. */
const isPassThrough = ({ stage }: Node): boolean => stage.kernel === 'add_alpha'

/**
 * Cuts a plan into passes: point stages join the window before them, or else the one behind them.
 * @param foldBefore Points may join the window behind them: it computes them once for each pixel where it has a tile,
 *   and once for each of its taps where it has none.
 */
export function passes(plan: Plan, foldBefore = true): readonly Pass[] {
  const { nodes } = plan
  const real = realNodes(plan)
  const input = (node: number): number => real[(nodes[node] as Node).input] as number
  const readers = countReaders(plan, real)
  const made: Pass[] = []
  const pending = new Map<number, Level[]>()

  nodes.forEach((node, index) => {
    if (index === 0 || isPassThrough(node)) return
    const { stage, shape } = node
    const level = { stage, shape }
    const from = input(index)
    const join = node.join < 0 ? -1 : (real[node.join] as number)
    const previous = made.find((pass) => pass.output === from && !pass.reduces)
    const alone = readers[from] === 1 && from !== 0

    // Points that wait for a window: they were only ever read by this node.
    const waiting = pending.get(from)
    if (stage.kind === 'point' && join < 0 && waiting !== undefined && readers[from] === 1) {
      pending.delete(from)
      pending.set(index, [...waiting, level])
      return
    }
    if (stage.kind === 'point' && previous !== undefined && alone && (join < 0 || previous.join < 0)) {
      made[made.indexOf(previous)] = { ...previous, after: [...previous.after, level], join: join < 0 ? previous.join : join, output: index }
      return
    }
    if (stage.kind === 'point' && join < 0) {
      flush(from)
      pending.set(index, [level])
      return
    }
    const folds = foldBefore || stage.kind !== 'window'
    const before = folds && readers[from] === 1 ? take(from) : undefined
    if (before === undefined) flush(from)
    flush(join)
    const start = before === undefined ? from : before.start
    const base = { input: start, join, output: index, before: before?.levels ?? [], after: [] as Level[], reduces: stage.kind === 'reduce' }
    made.push(stage.kind === 'window' ? { ...base, window: { ...level, node: index } } : stage.kind === 'reduce' ? base : { ...base, after: [level] })
  })
  flush(real[plan.result] as number)
  return made

  /** Takes the points that end in a node out of waiting. */
  function take(node: number): { levels: Level[]; start: number } | undefined {
    const levels = pending.get(node)
    if (levels === undefined) return undefined
    pending.delete(node)
    let start = node
    for (let i = 0; i < levels.length; i++) start = input(start)
    return { levels, start }
  }

  /** Makes a pass of its own from points that nobody took along. */
  function flush(node: number): void {
    const waiting = node < 0 ? undefined : take(node)
    if (waiting === undefined) return
    made.push({ input: waiting.start, join: -1, output: node, before: waiting.levels, after: [], reduces: false })
  }
}

/** For every node the one that holds its pixels: itself, or its input where it changes nothing. */
export function realNodes({ nodes }: Plan): readonly number[] {
  const real: number[] = []
  nodes.forEach((node, index) => real.push(index > 0 && isPassThrough(node) ? (real[node.input] as number) : index))
  return real
}

function countReaders({ nodes, result }: Plan, real: readonly number[]): readonly number[] {
  const readers = new Array<number>(nodes.length).fill(0)
  nodes.forEach((node, index) => {
    if (index === 0 || isPassThrough(node)) return
    for (const from of [node.input, node.join]) if (from >= 0) readers[real[from] as number]!++
  })
  readers[real[result] as number]!++
  return readers
}
