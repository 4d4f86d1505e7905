/** More than the passes of any chain that people write, several of them. */
const MOST_KEPT = 256

/** Bind groups of a device, kept from call to call: the next call of a shape gets the same buffers. */
export class BindGroups {
  readonly #device: GPUDevice
  /** The latest stands last. */
  readonly #groups = new Map<string, GPUBindGroup>()
  readonly #numbers = new WeakMap<object, number>()
  #next = 0

  constructor(device: GPUDevice) {
    this.#device = device
  }

  of(pipeline: GPUComputePipeline | GPURenderPipeline, buffers: readonly (readonly [binding: number, resource: GPUBufferBinding])[]): GPUBindGroup {
    const parts = buffers.map(([binding, { buffer, offset = 0, size = 0 }]) => `${binding} ${this.#numberOf(buffer)} ${offset} ${size}`)
    const key = [this.#numberOf(pipeline), ...parts].join(',')
    const entries = buffers.map(([binding, resource]) => ({ binding, resource }))
    const group = this.#groups.get(key) ?? this.#device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries })
    this.#groups.delete(key)
    this.#groups.set(key, group)
    if (this.#groups.size > MOST_KEPT) this.#groups.delete(this.#groups.keys().next().value as string)
    return group
  }

  /** Numbers are not used again, so that no group of a buffer that is gone is ever found. */
  #numberOf(object: object): number {
    let number = this.#numbers.get(object)
    if (number === undefined) this.#numbers.set(object, (number = this.#next++))
    return number
  }
}
