// What a thread of a shader does, counted by doing it: an interpreter runs one thread of a dispatch. Its vectors are held as
// floats, so that pixels come out wrong; places and loops are small numbers, which are exact, and they are what is counted.
import { BinaryOperator, CallExpr, ConstExpr, LiteralExpr, UnaryOperator, VariableExpr, WgslExec, WgslParser } from 'wgsl_reflect/wgsl_reflect.module.js'

/** What one thread does, every lane of a vector counting as one. */
export interface ThreadCounts {
  /** Arithmetic, comparisons and selections on values that the compiler cannot know. */
  operations: number
  /** Words of pixels that are read from buffers. */
  pixelLoads: number
  /** Words of parameters and tables that are read from buffers. */
  dataLoads: number
  /** Words that are read from the workgroup's memory. */
  tileLoads: number
}

const COUNTED_CALLS = new Set(['min', 'max', 'clamp', 'select', 'abs', 'sqrt', 'all', 'any', 'atomicAdd'])
const COUNTERS: Readonly<Record<string, 'pixelLoads' | 'dataLoads' | 'tileLoads'>> = {
  src: 'pixelLoads', joined: 'pixelLoads', counts: 'dataLoads', data: 'dataLoads', params: 'dataLoads', tile: 'tileLoads', bins: 'tileLoads',
}

type Node = Parameters<WgslExec['evalExpression']>[0]
type Context = Parameters<WgslExec['evalExpression']>[1]
type Value = ReturnType<WgslExec['evalExpression']>

class CountingExec extends WgslExec {
  readonly counts: ThreadCounts = { operations: 0, pixelLoads: 0, dataLoads: 0, tileLoads: 0 }
  /** How many threads share what is being done. */
  #sharers = 1
  readonly #threads: number

  constructor(code: string, threads: number) {
    super(new WgslParser().parse(code))
    this.#threads = threads
  }

  override evalExpression(node: Node, context: Context): Value {
    const value = super.evalExpression(node, context)
    if (node instanceof VariableExpr) {
      const counter = COUNTERS[node.name]
      if (counter !== undefined && node.postfix) this.#add(counter, 1)
    } else if ((node instanceof BinaryOperator || node instanceof UnaryOperator || (node instanceof CallExpr && COUNTED_CALLS.has(node.name))) && !isConstant(node)) {
      this.#add('operations', lanesOf(value))
    }
    return value
  }

  override _call(...args: Parameters<WgslExec['_call']>): void {
    const isShared = args[0].name === 'prepare'
    if (isShared) this.#sharers = this.#threads
    super._call(...args)
    if (isShared) this.#sharers = 1
  }

  #add(counter: keyof ThreadCounts, n: number): void {
    this.counts[counter] += n / this.#sharers
  }
}

const lanesOf = (value: Value): number => (value as { data?: ArrayLike<number> } | null)?.data?.length ?? 1

const isConstant = (node: unknown): boolean =>
  node instanceof ConstExpr || node instanceof LiteralExpr || (node instanceof BinaryOperator && isConstant(node.left) && isConstant(node.right))

const WORKGROUP_SIZE = /@workgroup_size\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)/

export const threadsOf = (code: string): number => {
  const [, x, y = '1'] = WORKGROUP_SIZE.exec(code) as RegExpExecArray
  return Number(x) * Number(y)
}

/** Bytes of the workgroup's memory, all of whose arrays have elements of four. */
export function workgroupBytes(code: string): number {
  const constants = new Map([...code.matchAll(/const (\w+)\s*=\s*(\d+)\s*;/g)].map((match) => [match[1], Number(match[2])]))
  const arrays = [...code.matchAll(/var<workgroup>\s*\w+\s*:\s*array<(?:\w+|atomic<\w+>),\s*(\w+)>/g)]
  return arrays.reduce((sum, [, length]) => sum + 4 * (constants.get(length as string) ?? Number(length)), 0)
}

/**
 * Runs the first thread of a shader, which changes the buffers. What a workgroup prepares in common it does for all of
 * them, and its part of that is counted.
 */
export function runThread(code: string, entryPoint: string, bindings: Readonly<Record<number, ArrayBufferView>>): ThreadCounts {
  const threads = threadsOf(code)
  const alone = code
    .replace(WORKGROUP_SIZE, '@workgroup_size(1)')
    .replace(new RegExp(`i\\s*\\+=\\s*${threads}(?!\\d|u)`), 'i+=1')
    // The interpreter takes the `-1` of `n-1` for a number.
    .replace(/(?<!-)-(?![->=])/g, ' - ')
  const exec = new CountingExec(alone, threads)
  exec.dispatchWorkgroups(entryPoint, [1, 1, 1], { 0: bindings })
  return exec.counts
}
