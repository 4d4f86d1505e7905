import { type ThreadCounts, runThread, threadsOf, workgroupBytes } from './interpreter.js'

/** What one dispatch comes to. */
export interface Dispatch extends ThreadCounts {
  /** Names of the kernels in it. */
  readonly kernels: readonly string[]
  readonly threads: number
  readonly workgroupBytes: number
  /** The sizes of the buffers that it reads and writes. */
  readonly bytesRead: number
  readonly bytesWritten: number
}

interface Memory {
  readonly size: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

interface Pipeline {
  readonly code: string
  readonly entryPoint: string
  readonly label: string
}

/** The bindings that every shader has: shaders/lib/frame.wgsl. */
const RESULT = { main: 3, table: 1 }
const LIMITS = { maxStorageBufferBindingSize: 2 ** 31 - 4, maxBufferSize: 2 ** 31 - 4 }

/** From the key of a pass: src/backends/webgpu/compose.ts. */
const kernelsIn = (key: string): readonly string[] => [...[...key.matchAll(/(\w+)\*?:/g)].map((match) => match[1] as string), ...(key.endsWith('#') ? ['histogram'] : [])]

/**
 * A device without a GPU: of every dispatch it runs one thread, in an interpreter, and takes down what it did. Its
 * pictures mean nothing.
 */
export function interpretedDevice(): { readonly device: GPUDevice; readonly take: () => readonly Dispatch[] } {
  let dispatches: Dispatch[] = []
  /** Of buffers that were destroyed: large ones would wait for the garbage collector. */
  const spare = new Map<number, Uint8Array<ArrayBuffer>[]>()

  const run = ({ code, entryPoint, label }: Pipeline, bindings: ReadonlyMap<number, GPUBufferBinding>, groups: number): void => {
    const views: Record<number, ArrayBufferView> = {}
    for (const [binding, { buffer, offset = 0, size = buffer.size - offset }] of bindings) {
      const { bytes } = buffer as unknown as Memory
      // The interpreter looks at a view's whole buffer. Parts are only ever read.
      views[binding] = offset === 0 && size === buffer.size ? new Uint32Array(bytes.buffer) : new Int32Array(bytes.slice(offset, offset + size).buffer)
    }
    const counts = runThread(code, entryPoint, views)
    const result = entryPoint === 'main' ? RESULT.main : RESULT.table
    const sizes = [...bindings].map(([binding, { buffer, size = buffer.size }]) => ({ binding, size }))
    const sum = (list: readonly { size: number }[]): number => list.reduce((total, { size }) => total + size, 0)
    dispatches.push({
      ...counts,
      kernels: entryPoint === 'main' ? kernelsIn(label) : [entryPoint],
      threads: groups * threadsOf(code),
      workgroupBytes: workgroupBytes(code),
      bytesRead: sum(sizes.filter(({ binding }) => binding !== result)),
      bytesWritten: sum(sizes.filter(({ binding }) => binding === result)),
    })
  }

  const device = {
    limits: LIMITS,
    lost: new Promise<never>(() => {}),
    queue: {
      writeBuffer(to: Memory, at: number, data: ArrayBuffer | ArrayBufferView, from = 0, size?: number): void {
        const [buffer, start] = ArrayBuffer.isView(data) ? [data.buffer, data.byteOffset] : [data, 0]
        to.bytes.set(new Uint8Array(buffer, start + from, size ?? data.byteLength - from), at)
      },
      submit(): void {},
      onSubmittedWorkDone: () => Promise.resolve(),
    },
    pushErrorScope(): void {},
    popErrorScope: () => Promise.resolve(null),
    createBuffer({ size }: GPUBufferDescriptor) {
      // Pixels that no thread made: neither clear nor extreme in any format.
      const bytes = (spare.get(size)?.pop() ?? new Uint8Array(size)).fill(1)
      return {
        size,
        bytes,
        mapAsync: () => Promise.resolve(),
        getMappedRange: (at = 0, length = size) => bytes.buffer.slice(at, at + length),
        unmap(): void {},
        destroy: () => void spare.set(size, [...(spare.get(size) ?? []), bytes]),
      }
    },
    createShaderModule: ({ code }: GPUShaderModuleDescriptor) => ({ code }),
    createComputePipelineAsync({ compute, label }: GPUComputePipelineDescriptor) {
      const { code } = compute.module as unknown as { code: string }
      return Promise.resolve({ code, entryPoint: compute.entryPoint, label, getBindGroupLayout: () => undefined })
    },
    createBindGroup: ({ entries }: { entries: readonly { binding: number; resource: GPUBufferBinding }[] }) =>
      new Map(entries.map(({ binding, resource }) => [binding, resource])),
    createCommandEncoder() {
      // Commands run as they are encoded, which is their order.
      return {
        beginComputePass() {
          let pipeline: Pipeline
          let bindings: ReadonlyMap<number, GPUBufferBinding>
          return {
            setPipeline: (given: Pipeline) => void (pipeline = given),
            setBindGroup: (_: number, given: ReadonlyMap<number, GPUBufferBinding>) => void (bindings = given),
            dispatchWorkgroups: (x: number, y = 1) => run(pipeline, bindings, x * y),
            end(): void {},
          }
        },
        clearBuffer: ({ bytes }: Memory) => void bytes.fill(0),
        copyBufferToBuffer: (from: Memory, at: number, to: Memory, place: number, size: number) => to.bytes.set(from.bytes.subarray(at, at + size), place),
        finish: () => undefined,
      }
    },
    destroy(): void {},
  }
  return {
    device: device as unknown as GPUDevice,
    take: () => {
      const taken = dispatches
      dispatches = []
      return taken
    },
  }
}
