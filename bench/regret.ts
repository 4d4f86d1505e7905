// How much longer what the dispatcher chooses takes than the best choice: from times alone, nothing is measured here.
import { type Availability, type Capabilities, type Workload, choose } from '../src/choose.js'
import { Costs } from '../src/costs.js'

/** What a kind of steps takes on an image of one size, on each backend. */
export interface Cell {
  readonly name: string
  readonly size: string
  readonly workload: Workload
  readonly wasmMs: number
  readonly gpuMs: number
}

/** Steps on the images that costs are calibrated with, the smaller first. */
export type Probes = ReadonlyMap<string, readonly Cell[]>

export interface Regret {
  readonly name: string
  readonly size: string
  readonly chosen: string
  readonly best: string
  readonly regret: number
}

/**
 * The dispatcher goes through cells in an order that mixes names and sizes, as an engine does: the first that may profit
 * calibrates, and every run corrects. The GPU is allowed, be it a program on the CPU or none at all.
 */
export function regretsOf(cells: readonly Cell[], probes: Probes, threads: number): readonly Regret[] {
  const costs = new Costs(threads)
  let calibrated = false
  return mixed(cells).map(({ name, size, workload, wasmMs, gpuMs }) => {
    if (!calibrated) {
      for (const probe of probes.get(name) ?? []) {
        costs.adopt('wasm', probe.workload, probe.wasmMs)
        costs.adopt('webgpu', probe.workload, probe.gpuMs)
      }
      calibrated = true
    }
    const times: Readonly<Record<string, number>> = { wasm: wasmMs, webgpu: gpuMs }
    const available = (backend: 'wasm' | 'webgpu' | 'reference'): Availability => ({ available: true, cost: costs.of(backend) })
    const capabilities: Capabilities = { wasm: available('wasm'), webgpu: available('webgpu'), reference: available('reference') }
    const { backend } = choose(workload, capabilities)
    costs.learn(backend, workload, times[backend] as number)
    const best = wasmMs <= gpuMs ? 'wasm' : 'webgpu'
    return { name, size, chosen: backend, best, regret: (times[backend] as number) / Math.min(wasmMs, gpuMs) }
  })
}

/** Always the same order, in which neighbours have little in common. */
function mixed<T>(list: readonly T[]): readonly T[] {
  let state = 1
  const keyed = list.map((value) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return { value, key: state }
  })
  return keyed.sort((a, b) => a.key - b.key).map(({ value }) => value)
}
