// GPUs as their makers publish them.

export interface Profile {
  readonly name: string
  readonly kind: 'integrated' | 'mid' | 'large'
  /** Where the figures are from. */
  readonly source: string
  /** GB/s of its memory. */
  readonly memoryGBs: number
  /** TFLOPS of single precision, a multiplication and an addition being two. */
  readonly teraflops: number
  /** Integer operations a clock, as a part of those in single precision (a multiplication and an addition being one). */
  readonly integerShare: number
  /** GB/s between the processor's memory and its own; for an integrated one those of the memory, which a copy reads and writes. */
  readonly transferGBs: number
}

export const PROFILES: readonly Profile[] = [
  {
    name: 'Intel Iris Xe, 96 EU',
    kind: 'integrated',
    source: 'Intel Core i7-1185G7: 96 execution units of 8 lanes, 1.35 GHz; two channels of LPDDR4x-4267',
    memoryGBs: 68.3,
    teraflops: 2.07,
    integerShare: 1,
    transferGBs: 68.3 / 2,
  },
  {
    name: 'NVIDIA GeForce RTX 3060',
    kind: 'mid',
    source: 'NVIDIA: 3584 CUDA cores, 1.78 GHz, 192 bits of GDDR6 at 15 Gbit/s; GA10x: half of the cores do integers; PCIe 4.0 x16',
    memoryGBs: 360,
    teraflops: 12.7,
    integerShare: 0.5,
    transferGBs: 31.5,
  },
  {
    name: 'NVIDIA GeForce RTX 4090',
    kind: 'large',
    source: 'NVIDIA: 16384 CUDA cores, 2.52 GHz, 384 bits of GDDR6X at 21 Gbit/s; AD10x: half of the cores do integers; PCIe 4.0 x16',
    memoryGBs: 1008,
    teraflops: 82.6,
    integerShare: 0.5,
    transferGBs: 31.5,
  },
]

/** Loads a clock are half of the integer operations: an assumption. */
const OPERATIONS_PER_LOAD = 2
/** From submitting to the end of an empty call, with the mapping of its result: an assumption, to be measured. */
export const CALL_MS = 1
/** GB/s of the copies between ordinary buffers and those that the GPU takes: an assumption, as measured with wasm. */
const HOST_GBS = 10

export interface PassCosts {
  readonly bytesRead: number
  readonly bytesWritten: number
  readonly threads: number
  readonly operations: number
  readonly pixelLoads: number
  readonly dataLoads: number
  readonly tileLoads: number
}

export interface Floor {
  /** Milliseconds of the passes, each as long as what takes longer: its bytes or its arithmetic. */
  readonly work: number
  readonly bytes: number
  readonly arithmetic: number
  /** To the GPU and back. */
  readonly transfer: number
}

/** The least time of a call's passes and of its way to the GPU and back. */
export function floorOf({ memoryGBs, teraflops, integerShare, transferGBs }: Profile, passes: readonly PassCosts[], movedBytes: number): Floor {
  const parts = passes.map((pass) => {
    const operations = (pass.operations + OPERATIONS_PER_LOAD * (pass.pixelLoads + pass.dataLoads + pass.tileLoads)) * pass.threads
    return { bytes: (pass.bytesRead + pass.bytesWritten) / (memoryGBs * 1e6), arithmetic: operations / ((teraflops / 2) * integerShare * 1e9) }
  })
  const sum = (of: (part: (typeof parts)[number]) => number): number => parts.reduce((total, part) => total + of(part), 0)
  return {
    work: sum(({ bytes, arithmetic }) => Math.max(bytes, arithmetic)),
    bytes: sum(({ bytes }) => bytes),
    arithmetic: sum(({ arithmetic }) => arithmetic),
    transfer: movedBytes / (transferGBs * 1e6),
  }
}

/** What a whole call with ordinary buffers would take. */
export function callMs(profile: Profile, passes: readonly PassCosts[], movedBytes: number): number {
  const { work, transfer } = floorOf(profile, passes, movedBytes)
  return CALL_MS + work + transfer + movedBytes / (HOST_GBS * 1e6)
}
