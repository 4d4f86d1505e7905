import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { UnsupportedError } from '../errors.js'
import { workerSource } from '../generated/worker-node.js'
import type { Platform } from './platform.js'

/** Dawn's entry point; kept here, since the GPU lives as long as it is referred to. */
let dawn: Promise<GPU | string> | undefined

export const platform: Platform = {
  name: 'node',
  cores: availableParallelism(),

  startWorker({ data, url, onExit, onMessage }) {
    const options = { workerData: data, execArgv: [], stdout: false, stderr: false }
    const worker = url === undefined ? new Worker(workerSource, { ...options, eval: true }) : new Worker(url, options)
    let failure: Error | undefined
    worker.once('error', (error: Error) => {
      failure = error
    })
    worker.once('exit', (code) => onExit(failure ?? (code === 0 ? undefined : new Error(`the worker exited with code ${code}`))))
    if (onMessage !== undefined) worker.on('message', onMessage)
    worker.unref()
    return {
      post: (message, transfer) => worker.postMessage(message, transfer),
      ref: (alive) => (alive ? worker.ref() : worker.unref()),
      terminate: async () => void (await worker.terminate()),
    }
  },

  pixelsOf(where, source) {
    if (!(source instanceof Blob)) return undefined
    throw new UnsupportedError(`${where}: expected pixels, got a ${source.constructor.name}; image files are decoded by browsers only, and by packages such as sharp`)
  },

  // Zeroing memory takes longer than copying pixels over it.
  allocate(length) {
    const { buffer, byteOffset } = Buffer.allocUnsafeSlow(length)
    return new Uint8ClampedArray(buffer, byteOffset, length)
  },

  // Where memory is shared, V8's `set` and Node's `copy` go word by word and take almost twice as long; Deno has its own.
  copy: 'deno' in process.versions ? (target, source) => target.set(source) : (target, source) => void bufferOf(target).fill(bufferOf(source), 0, source.length),

  nextTask: () => new Promise((resolve) => setImmediate(resolve)),

  gpu() {
    dawn ??= loadDawn()
    return dawn
  },
}

const bufferOf = ({ buffer, byteOffset, length }: Uint8Array | Uint8ClampedArray): Buffer => Buffer.from(buffer as ArrayBuffer, byteOffset, length)

async function loadDawn(): Promise<GPU | string> {
  const globalGpu = (globalThis.navigator as Navigator | undefined)?.gpu
  if (globalGpu !== undefined) return globalGpu
  try {
    const require = createRequire(import.meta.url)
    const { create, globals } = (await import(require.resolve('webgpu'))) as typeof import('webgpu')
    Object.assign(globalThis, globals)
    return create([])
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'MODULE_NOT_FOUND' ? 'the package "webgpu" is not installed; run: npm install webgpu' : `the package "webgpu" does not load: ${message}`
  }
}
