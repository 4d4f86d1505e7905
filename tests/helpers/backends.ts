import type { Backend } from '../../src/backends/backend.js'
import { WasmBackend } from '../../src/backends/wasm/backend.js'
import { WebgpuBackend } from '../../src/backends/webgpu/backend.js'

const BUDGET_BYTES = 2 ** 30

/** The wasm backend with some numbers of threads; 0 is inline. */
export const wasmBackends = (...threads: readonly number[]): { name: string; backend: WasmBackend }[] =>
  threads.map((count) => ({
    name: count === 0 ? 'wasm inline' : `wasm, ${count} threads`,
    backend: new WasmBackend({ threads: count, memoryBudgetBytes: BUDGET_BYTES, inlineWork: 0 }),
  }))

/** Every backend of this machine. In CI a missing GPU is an error; elsewhere it is said and left out. */
export async function allBackends(): Promise<{ name: string; backend: Backend }[]> {
  const gpu = await WebgpuBackend.open()
  if (typeof gpu !== 'string') return [...wasmBackends(0, 1, 2, 3), { name: `webgpu on ${gpu.adapter}`, backend: gpu }]
  if (process.env['CI']) throw new Error(`webgpu is missing, and CI needs it: ${gpu}`)
  console.warn(`webgpu is not tested: ${gpu}`)
  return wasmBackends(0, 1, 2, 3)
}
