// A GPU that is absent, refuses, breaks or is lost never fails a call: wasm finishes it, with the same bytes.
import { createRequire } from 'node:module'
import { afterEach, expect, test, vi } from 'vitest'
import { type Engine, createEngine, gaussianBlur, invert } from '../../src/index.js'
import { difference } from '../helpers/compare.js'
import { makeImage } from '../helpers/images.js'

const image = makeImage(200, 150, 4)
const steps = [gaussianBlur({ sigma: 2 }), invert()]
let engine: Engine | undefined

afterEach(async () => {
  await engine?.close()
  vi.unstubAllGlobals()
})

/** Dawn itself, to wrap. */
async function dawn(): Promise<GPU> {
  const { create, globals } = (await import(createRequire(import.meta.url).resolve('webgpu'))) as typeof import('webgpu')
  Object.assign(globalThis, globals)
  return create([])
}

/** Makes `navigator.gpu` answer as given, and gives back the devices that it hands out. */
function plant(requestAdapter: () => Promise<GPUAdapter | null>): GPUDevice[] {
  const devices: GPUDevice[] = []
  const wrapped = async (): Promise<GPUAdapter | null> => {
    const adapter = await requestAdapter()
    if (adapter === null) return null
    return {
      limits: adapter.limits,
      info: adapter.info,
      requestDevice: async (descriptor: GPUDeviceDescriptor) => {
        const device = await adapter.requestDevice(descriptor)
        devices.push(device)
        return device
      },
    } as unknown as GPUAdapter
  }
  vi.stubGlobal('navigator', { gpu: { requestAdapter: wrapped } })
  vi.resetModules()
  return devices
}

/** An engine whose platform sees what was planted. */
async function freshEngine(): Promise<Engine> {
  const fresh = (await import('../../src/index.js')) as { createEngine: typeof createEngine }
  engine = await fresh.createEngine({ threads: 2 })
  return engine
}

const hasGpu = async (): Promise<boolean> => (await (await dawn()).requestAdapter()) !== null

async function expectRight(result: Awaited<ReturnType<Engine['apply']>>): Promise<void> {
  const reference = await (engine as Engine).apply(image, steps, { backend: 'reference' })
  expect(difference(result, reference)).toBeUndefined()
}

test.each([
  ['no adapter', async () => null, /no graphics adapter/],
  ['a request that throws', async () => { throw new Error('blocklisted') }, /blocklisted/],
])('%s', async (_, requestAdapter, reason) => {
  plant(requestAdapter as () => Promise<GPUAdapter | null>)
  const { webgpu } = (await (await freshEngine()).explain(image, steps), (engine as Engine).capabilities)
  expect(webgpu).toMatchObject({ available: false, reason: expect.stringMatching(reason) })
  await expect((engine as Engine).apply(image, steps, { backend: 'webgpu' })).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED' })
  await expectRight(await (engine as Engine).apply(image, steps))
})

test.each([
  ['the call is done again on a new one', 'webgpu', /^webgpu failed .* on a new device$/],
  ['wasm finishes the call where there is no other', 'wasm', /^webgpu failed/],
] as const)('a device that is destroyed in mid-call: %s', async (_, finisher, reason, context?: unknown) => {
  if (!(await hasGpu())) return (context as { skip(why: string): void }).skip('webgpu is missing')
  const gpu = await dawn()
  const devices: GPUDevice[] = plant(async () => (finisher === 'wasm' && devices.length > 0 ? null : gpu.requestAdapter()))
  await freshEngine()
  await (engine as Engine).apply(image, steps, { backend: 'webgpu' })
  const call = (engine as Engine).apply(image, steps, { backend: 'webgpu' })
  for (let i = 0; i < 8; i++) await Promise.resolve()
  devices[0]?.destroy()
  const result = await call
  expect(result.run).toMatchObject({ backend: finisher, reason: expect.stringMatching(reason) })
  await expectRight(result)
})

test('a device that was lost between calls is made anew', async (context) => {
  if (!(await hasGpu())) return context.skip('webgpu is missing')
  const gpu = await dawn()
  const devices = plant(() => gpu.requestAdapter())
  await freshEngine()
  await (engine as Engine).apply(image, steps, { backend: 'webgpu' })
  devices[0]?.destroy()
  await devices[0]?.lost
  const result = await (engine as Engine).apply(image, steps, { backend: 'webgpu' })
  expect(result.run.backend).toBe('webgpu')
  expect(devices).toHaveLength(2)
  await expectRight(result)
})
