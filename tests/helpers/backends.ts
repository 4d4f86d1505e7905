import type { Backend } from '../../src/backends/backend.js'
import { WasmBackend } from '../../src/backends/wasm/backend.js'
import { WebgpuBackend } from '../../src/backends/webgpu/backend.js'
import { leftOut } from './left-out.js'

const BUDGET_BYTES = 2 ** 30

/** The wasm backend with some numbers of threads; 0 is inline. */
export const wasmBackends = (...threads: readonly number[]): Promise<{ name: string; backend: WasmBackend }[]> =>
  Promise.all(
    threads.map(async (count) => ({
      name: count === 0 ? 'wasm inline' : `wasm, ${count} threads`,
      // Two threads: small images are copied while they are worked on, as large ones are.
      backend: await WasmBackend.open({ threads: count, memoryBudgetBytes: BUDGET_BYTES, inlineWork: 0, ...(count === 2 && { bandBytes: 1024 }) }),
    })),
  )

/** Wasm on every rung: inline, on workers that share its memory, and on workers that do not. */
async function allWasm(): Promise<{ name: string; backend: WasmBackend }[]> {
  const transfer = await WasmBackend.open({ threads: 2, memoryBudgetBytes: BUDGET_BYTES, inlineWork: 0, threading: 'transfer' })
  return [...(await wasmBackends(0, 1, 2, 3)), { name: 'wasm, 2 threads without shared memory', backend: transfer }]
}

/** Every backend of this machine. In CI a missing GPU is an error; elsewhere it is said and left out. */
export async function allBackends(): Promise<{ name: string; backend: Backend }[]> {
  const gpu = await WebgpuBackend.open()
  if (typeof gpu !== 'string') return [...(await allWasm()), { name: `webgpu on ${gpu.adapter}`, backend: gpu }]
  leftOut('webgpu', gpu)
  return allWasm()
}
