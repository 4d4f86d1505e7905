// What this machine can do at most, on so many threads at once.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { type Summary, summarise } from '../timing.js'

export interface Limits {
  /** Bytes copied in a millisecond, each of which is read and written. */
  readonly copiedPerMs: Summary
  /** SIMD instructions of arithmetic in a millisecond. */
  readonly instructionsPerMs: Summary
}

const INSTRUCTIONS_A_TURN = 16
const TURNS = 100_000

/** A worker runs a loop for some time and says how many rounds it made, and in which time. */
const WORKER = `
  const { parentPort, workerData } = require('node:worker_threads')
  const { module, bytes, turns } = workerData
  const memory = new WebAssembly.Memory({ initial: Math.ceil((2 * bytes + 1024) / 65536) })
  new Uint8Array(memory.buffer).fill(1)
  const { copy, multiply } = new WebAssembly.Instance(module, { env: { memory, abort() {} } }).exports
  const loops = { copy: () => copy(1024, 1024 + bytes, bytes), multiply: () => multiply(0, turns) }
  parentPort.on('message', ({ loop, milliseconds }) => {
    const run = loops[loop]
    run()
    const start = performance.now()
    let rounds = 0
    let took = 0
    do {
      run()
      rounds++
      took = performance.now() - start
    } while (took < milliseconds)
    parentPort.postMessage({ rounds, took })
  })
  parentPort.postMessage('ready')
`

/** @param bytes What all threads together copy in one go: as many as the image has, so that caches help as much. */
export async function measureLimits({ threads, bytes, rounds, milliseconds }: { threads: number; bytes: number; rounds: number; milliseconds: number }): Promise<Limits> {
  const { default: asc } = await import('assemblyscript/asc')
  const source = readFileSync('bench/limits/loops.as', 'utf8')
  const { binary, error, stderr } = await asc.compileString(source, {
    optimizeLevel: 3,
    noAssert: true,
    runtime: 'stub',
    importMemory: true,
    enable: ['simd'],
  })
  if (error !== null || binary === null) throw new Error(`bench/limits/loops.as does not compile: ${stderr.toString()}`)
  const module = new WebAssembly.Module(binary as Uint8Array<ArrayBuffer>)
  const part = Math.ceil(bytes / threads / 64) * 64
  const workers = Array.from({ length: threads }, () => new Worker(WORKER, { eval: true, workerData: { module, bytes: part, turns: TURNS } }))
  await Promise.all(workers.map((worker) => once(worker, 'message')))
  const run = async (loop: 'copy' | 'multiply', each: number): Promise<number> => {
    const answers = workers.map((worker) => once(worker, 'message') as Promise<[{ rounds: number; took: number }]>)
    for (const worker of workers) worker.postMessage({ loop, milliseconds })
    return (await Promise.all(answers)).reduce((sum, [{ rounds: made, took }]) => sum + (made * each) / took, 0)
  }
  const copied: number[] = []
  const instructions: number[] = []
  for (let round = 0; round < rounds; round++) {
    copied.push(await run('copy', part))
    instructions.push(await run('multiply', TURNS * INSTRUCTIONS_A_TURN))
  }
  await Promise.all(workers.map((worker) => worker.terminate()))
  return { copiedPerMs: summarise(copied), instructionsPerMs: summarise(instructions) }
}
