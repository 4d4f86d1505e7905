import type { Kernels } from './protocol.js'

/**
 * Instantiates the kernels over a memory. The row loop calls kernels through a table, in which each export has
 * the slot that `kernelSlots` gives it: the same in every instance.
 */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  const slots = kernelSlots(module)
  const table = new WebAssembly.Table({ initial: slots.size + 1, element: 'anyfunc' })
  const instance = new WebAssembly.Instance(module, { env: { memory, table } })
  for (const [name, slot] of slots) table.set(slot, instance.exports[name])
  return instance.exports as unknown as Kernels
}

/** Table slots of the kernels by name, from 1: slot 0 is no kernel. */
export function kernelSlots(module: WebAssembly.Module): ReadonlyMap<string, number> {
  const names = WebAssembly.Module.exports(module).filter(({ kind, name }) => kind === 'function' && name !== 'run')
  return new Map(names.map(({ name }, index) => [name, index + 1]))
}
