// Runs in a page: calls in the middle of which something breaks.
import { type Engine, type EngineOptions, type RunInfo, createEngine, gaussianBlur, invert } from '../../src/index.js'
import { difference } from '../helpers/compare.js'
import { makeImage } from '../helpers/images.js'

// Large enough for workers, whether they share memory or not.
const image = makeImage(900, 600, 4)
const steps = [gaussianBlur({ sigma: 3 }), invert()]

let engine: Engine | undefined
const expected = createEngine({ threads: 0 }).then((own) => own.apply(image, steps, { backend: 'wasm' }))

/** Makes the engine that the other functions use. */
export async function open(options: EngineOptions = {}): Promise<void> {
  await engine?.close()
  engine = await createEngine({ threads: 2, ...options })
}

export interface Said extends Pick<RunInfo, 'backend' | 'reason' | 'threading'> {
  /** What is wrong with the bytes, or null. */
  readonly wrong: string | null
}

async function call(backend: 'wasm' | 'webgpu' | 'auto', onProgress?: () => void): Promise<Said> {
  const { run, ...result } = await (engine as Engine).apply(image, steps, { backend, onProgress })
  const { threading } = run
  return { backend: run.backend, reason: run.reason, ...(threading === undefined ? {} : { threading }), wrong: difference({ ...result, data: result.data as Uint8ClampedArray }, await expected) ?? null }
}

/** A call, and what is said of its bytes and how they came about. */
export const run = (backend: 'wasm' | 'webgpu' | 'auto'): Promise<Said> => call(backend)

export const workers = (): number => (engine as Engine).stats().workers

/** What the engine says of its backends once it has looked for a GPU. */
export async function capabilities(): Promise<{ readonly webgpu: unknown; readonly wasm: unknown }> {
  await (engine as Engine).explain(image, steps)
  const { wasm, webgpu } = (engine as Engine).capabilities
  return { wasm, webgpu }
}

/** The code of the error that a call gives, or what it said where it gave none. */
export const failure = (backend: 'wasm' | 'webgpu'): Promise<unknown> => call(backend).catch(({ code, message }) => ({ code, message }))

/** Devices that were handed out so far, as they are from now on recorded. */
const devices: GPUDevice[] = []

/** @param most How many devices there are; then there is no adapter any more. */
export function watchDevices(most: number): void {
  const { requestDevice } = GPUAdapter.prototype
  const { requestAdapter } = GPU.prototype
  GPUAdapter.prototype.requestDevice = async function (...args) {
    const device = await requestDevice.apply(this, args)
    devices.push(device)
    return device
  }
  GPU.prototype.requestAdapter = async function (...args) {
    return devices.length < most ? requestAdapter.apply(this, args) : null
  }
}

/** A call in the middle of which the last device is destroyed. */
export async function destroyInMidCall(): Promise<Said> {
  const { submit } = GPUQueue.prototype
  GPUQueue.prototype.submit = function (commands) {
    GPUQueue.prototype.submit = submit
    devices.at(-1)?.destroy()
    return submit.call(this, commands)
  }
  return call('webgpu')
}

export async function loseBetweenCalls(): Promise<number> {
  devices.at(-1)?.destroy()
  await devices.at(-1)?.lost
  return devices.length
}

/** The next workers, so many, are of another script. */
export function replaceWorkers(count: number, url: string): void {
  const { Worker } = globalThis
  let left = count
  globalThis.Worker = new Proxy(Worker, {
    construct: (target, [own, options]) => new target(left-- > 0 ? url : own, options),
  })
}

/** From here on this browser refuses memories that are shared, or larger than so many pages. */
export function refuseMemory({ shared = false, pages = Number.POSITIVE_INFINITY }: { readonly shared?: boolean; readonly pages?: number }): void {
  WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
    construct(target, [descriptor]: [WebAssembly.MemoryDescriptor]) {
      if (shared && descriptor.shared) throw new TypeError('no memory is shared here')
      if ((descriptor.maximum ?? 0) > pages) throw new RangeError('out of memory')
      return new target(descriptor)
    },
  })
}

/** Calls, one after the other, until `stopLoop`. */
let loop: { readonly ended: Promise<readonly Said[]>; stop: boolean } | undefined

export function startLoop(): void {
  const state = { stop: false, ended: Promise.resolve<readonly Said[]>([]) }
  const go = async (): Promise<readonly Said[]> => {
    const all: Said[] = []
    while (!state.stop) all.push(await call('wasm'))
    return all
  }
  loop = Object.assign(state, { ended: go() })
}

export async function stopLoop(): Promise<readonly Said[]> {
  if (loop === undefined) throw new Error('there is no loop')
  loop.stop = true
  return loop.ended
}

/** What happened to the page. */
const events: string[] = []
for (const name of ['freeze', 'resume']) document.addEventListener(name, () => events.push(name))
document.addEventListener('visibilitychange', () => events.push(document.visibilityState))
for (const name of ['pagehide', 'pageshow']) {
  addEventListener(name, (event) => events.push(`${name}, ${(event as PageTransitionEvent).persisted ? 'kept' : 'for good'}`))
}

export const happened = (): readonly string[] => events.splice(0)

/** What a browser says to a page that it will not show again. */
export const leave = (): boolean => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: false }))
