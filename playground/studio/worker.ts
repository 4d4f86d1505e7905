// The page's worker: it holds the picture, the engine and the last result.
import { type Engine, type Result, type Step, createEngine, parseSteps, resize } from '../../src/index.js'
import type { Image } from '../../src/image.js'
import { samplePicture } from '../../src/cli/sample-picture.js'
import { lookSize } from '../model/look-size.js'
import { encode } from './encode.js'
import { histogramOf } from './histogram.js'
import { checkChain, isTooLarge, limitText, PlacedError } from './limits.js'
import type { Failure, Filtered, Input, Look, Method, Output, Reply, Request, Shown } from './protocol.js'
import { runReference } from './reference.js'

/** What a method may do besides giving its output. */
interface Call {
  readonly signal: AbortSignal
  readonly note: (note: unknown, transfer?: Transferable[]) => void
}

type Handlers = { readonly [M in Method]: (input: Input<M>, call: Call) => Promise<{ output: Output<M>; transfer?: Transferable[] }> }

const SAMPLE = { width: 1200, height: 800 }
/** A page has to live beside others. */
const MEMORY_BUDGET_BYTES = 2 ** 30

let engine: Promise<Engine> | undefined
let picture: Image | undefined
let last: Result | undefined
let parsed: { readonly json: string; readonly steps: readonly Step[] } | undefined

const open = (): Promise<Engine> => (engine ??= createEngine({ memoryBudgetBytes: MEMORY_BUDGET_BYTES }))

const handlers: Handlers = {
  async open({ source }) {
    const pixels = source === 'sample' ? samplePicture(SAMPLE.width, SAMPLE.height) : source
    const opened = await (await open()).apply(pixels, [])
    if (source instanceof ImageBitmap) source.close()
    if (isTooLarge(opened)) throw new Error(`the picture has ${opened.width} × ${opened.height} pixels; this page takes ${limitText}`)
    picture = opened
    last = undefined
    const output = await shown(opened)
    return { output, transfer: [output.bitmap] }
  },

  async run({ steps: json, backend }, { signal, note }) {
    const image = theImage()
    const steps = stepsOf(json)
    checkChain(image, steps)
    const opened = await open()
    const onProgress = (fraction: number): void => note(fraction)
    last = backend === 'reference' ? await runReference(image, steps, signal) : await opened.apply(image, steps, { backend, signal, onProgress })
    const output: Filtered = { ...(await shown(last)), run: last.run, capabilities: opened.capabilities }
    return { output, transfer: [output.bitmap] }
  },

  async encode({ type }) {
    if (last === undefined) throw new Error('there is no result to save yet')
    return { output: await encode(last, type) }
  },

  async looks({ steps }, { signal, note }) {
    const opened = await open()
    // Pictures this small are nothing for a GPU.
    const options = { signal, backend: opened.capabilities.wasm.available ? 'wasm' : 'auto' } as const
    const base = await opened.apply(last ?? theImage(), [resize({ ...lookSize(last ?? theImage()), kernel: 'bilinear' })], options)
    for (const [index, step] of steps.entries()) {
      try {
        const bitmap = await (await opened.apply(base, parseSteps(step), options)).toImageBitmap()
        note({ index, bitmap } satisfies Look, [bitmap])
      } catch (error) {
        signal.throwIfAborted()
        note({ index, reason: (error as Error).message } satisfies Look)
      }
    }
    return { output: undefined }
  },
}

function theImage(): Image {
  if (picture === undefined) throw new Error('there is no picture yet')
  return picture
}

/** The engine knows the plan of steps that it was given before. */
function stepsOf(json: string): readonly Step[] {
  if (parsed?.json !== json) parsed = { json, steps: parseSteps(json) }
  return parsed.steps
}

async function shown(result: Result): Promise<Shown> {
  const { width, height, channels } = result
  return { width, height, channels, histogram: histogramOf(result), bitmap: await result.toImageBitmap() }
}

const calls = new Map<number, AbortController>()
const post = (reply: Reply, transfer: Transferable[] = []): void => self.postMessage(reply, { transfer })

async function answer({ id, method, input }: Extract<Request, { method: Method }>): Promise<void> {
  const controller = new AbortController()
  calls.set(id, controller)
  try {
    const handler = handlers[method] as (input: Input<Method>, call: Call) => Promise<{ output: Output<Method>; transfer?: Transferable[] }>
    const { output, transfer } = await handler(input, { signal: controller.signal, note: (note, moved) => post({ id, note }, moved) })
    post({ id, output }, transfer)
  } catch (error) {
    post({ id, failure: failureOf(error) })
  } finally {
    calls.delete(id)
  }
}

function failureOf(error: unknown): Failure {
  const { name, message } = error instanceof Error || error instanceof DOMException ? error : new Error(String(error))
  return { name, message, ...(error instanceof PlacedError && { step: error.step }) }
}

self.addEventListener('message', ({ data }: MessageEvent<Request>) => {
  if ('abort' in data) calls.get(data.id)?.abort()
  else void answer(data)
})
