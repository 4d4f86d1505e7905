// Workers that share nothing with the engine: everything a strip needs is sent along, and its rows are sent back.
import { instantiate } from './instantiate.js'

/** One strip: what goes where in the worker's own memory, what to run over it, and what comes back. */
export interface Task {
  readonly memoryBytes: number
  readonly writes: readonly { readonly address: number; readonly bytes: ArrayBuffer }[]
  /** The arguments of `run` (assembly/stream.ts). */
  readonly run: readonly [job: number, y0: number, y1: number, scratch: number]
  readonly read: { readonly address: number; readonly length: number }
}

export type Answer = { readonly bytes: ArrayBuffer } | { readonly error: string }

/** The worker's end of what connects it with the engine. */
export interface Port {
  post(message: unknown, transfer: ArrayBuffer[]): void
  listen(onMessage: (message: unknown) => void): void
}

const PAGE_BYTES = 65536
const MAX_PAGES = 65536

/** Runs the tasks that it is sent, one after the other. */
export function serve(module: WebAssembly.Module, port: Port): void {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES })
  const kernels = instantiate(module, memory)

  function perform({ memoryBytes, writes, run, read }: Task): ArrayBuffer {
    const missing = memoryBytes - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES))
    for (const { address, bytes } of writes) new Uint8Array(memory.buffer, address).set(new Uint8Array(bytes))
    kernels.run(...run)
    return memory.buffer.slice(read.address, read.address + read.length)
  }

  port.listen((message) => {
    try {
      const bytes = perform(message as Task)
      port.post({ bytes } satisfies Answer, [bytes])
    } catch (error) {
      port.post({ error: String(error) } satisfies Answer, [])
    }
  })
}
