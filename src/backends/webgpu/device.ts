import { platform } from '#platform'

export interface GpuDevice {
  readonly device: GPUDevice
  /** The adapter in words. */
  readonly name: string
  /** The adapter is a program on the CPU. */
  readonly software: boolean
  /** It was made here, and is destroyed here. */
  readonly owned: boolean
}

/** How long an adapter or a device may take to answer. */
const TIMEOUT_MS = 10_000
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|warp|basic render/i

/**
 * A device, or the reason why there is none. Absent, null, throwing and silent adapters are all the same.
 * @param given A device of the caller's, which is used as it is.
 */
export async function openDevice(given?: GPUDevice): Promise<GpuDevice | string> {
  if (given !== undefined) return { device: given, ...describe(given.adapterInfo), owned: false }
  try {
    return await withTimeout(request())
  } catch (error) {
    return `WebGPU does not start: ${error instanceof Error ? error.message : String(error)}`
  }
}

async function request(): Promise<GpuDevice | string> {
  const gpu = await platform.gpu()
  if (typeof gpu === 'string') return gpu
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (adapter === null) return 'WebGPU finds no graphics adapter on this machine; it needs one with a driver for Vulkan, Metal or Direct3D 12'
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits
  const device = await adapter.requestDevice({ requiredLimits: { maxStorageBufferBindingSize, maxBufferSize } })
  return { device, ...describe(adapter.info), owned: true }
}

/** What an adapter is called, as far as it says so. */
function describe(info: GPUAdapterInfo | undefined): Pick<GpuDevice, 'name' | 'software'> {
  const { vendor, architecture, device: model, description, isFallbackAdapter = false } = info ?? {}
  const name = description || [vendor, architecture, model].filter(Boolean).join(' ') || 'unnamed adapter'
  return { name, software: isFallbackAdapter || SOFTWARE.test([name, vendor, architecture, model].join(' ')) }
}

async function withTimeout<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS / 1000} seconds`)), TIMEOUT_MS)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
