// gpu.js in its modes: WebGPU and WebAssembly here, WebGL in Chromium.
import { platform } from '../../src/platform/node.js'
import { openInChromium } from '../contenders/chromium.js'
import { type GpuJs, contenderOfGpuJs } from './gpu-js-contender.js'
import { importPackage, installedVersion, notInstalled } from './packages.js'
import type { Peer } from './peer.js'

export const gpuJsWebgpu: Peer = peerOf('webgpu', 'webgpu')
export const gpuJsWebasm: Peer = peerOf('webasm', 'wasm')
export const gpuJsWebgl2: Peer = peerInChromium('webgl2')

function peerOf(mode: 'webgpu' | 'webasm', beside: 'webgpu' | 'wasm'): Peer {
  const name = `gpu.js ${mode}`
  return {
    name,
    packages: true,
    beside,
    async open() {
      const version = installedVersion('gpu.js')
      if (version === undefined) return notInstalled('gpu.js')
      const unplant = mode === 'webgpu' ? await plantGpu() : () => undefined
      if (typeof unplant === 'string') return unplant
      const { GPU, input } = await importPackage<GpuJs>('gpu.js')
      return contenderOfGpuJs(name, `gpu.js ${version}, mode ${mode}`, mode, new GPU({ mode }), input, unplant)
    },
  }
}

/** gpu.js looks for a GPU where pages have it. */
async function plantGpu(): Promise<(() => void) | string> {
  const gpu = await platform.gpu()
  if (typeof gpu === 'string') return gpu
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator')
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true })
  return () => {
    Reflect.deleteProperty(globalThis, 'navigator')
    if (before !== undefined) Object.defineProperty(globalThis, 'navigator', before)
  }
}

/** It takes the name GPU in a page for itself, so that it has one of its own. */
function peerInChromium(mode: string): Peer {
  const name = `gpu.js ${mode}`
  return {
    name,
    packages: true,
    beside: 'chromium-webgpu',
    async open({ threads }) {
      const version = installedVersion('gpu.js')
      if (version === undefined) return notInstalled('gpu.js')
      const opened = await openInChromium('bench/peers/gpu-js-page.ts', name, mode, threads)
      if (typeof opened === 'string') return opened
      const [contender] = opened
      return contender === undefined ? `gpu.js has no mode ${mode} in Chromium` : { ...contender, about: `gpu.js ${version}, ${contender.about}`, exact: false }
    },
  }
}
