// Runs inside a runtime: does what it is told on one rung, and says where the bytes are others than those of the reference.
import type { Backend, Threading } from '../../src/backends/backend.js'
import { referenceBackend } from '../../src/backends/reference.js'
import { WasmBackend } from '../../src/backends/wasm/backend.js'
import { WebgpuBackend } from '../../src/backends/webgpu/backend.js'
import { parseSteps } from '../../src/parse-steps.js'
import { difference } from '../helpers/compare.js'
import { type Recipe, imageOf } from '../helpers/images.js'

/** What runs the work: the reference, wasm by the way in which it reaches threads, or a GPU. */
export type Rung = 'reference' | Threading | 'webgpu'

export type Group = 'golden' | 'shapes' | 'borders' | 'chains'

/** Steps as JSON, an image to apply them to, and the hash of the bytes that have to come of it. */
export interface Case {
  readonly group: Group
  readonly image: Recipe
  readonly steps: readonly unknown[]
  readonly sha256: string
}

export interface Report {
  readonly rung: Rung
  /** The graphics adapter in words, if there is one. */
  readonly adapter?: string
  readonly cases: number
  readonly identical: number
  /** What is wrong with the first few that are not. */
  readonly wrong: readonly string[]
  readonly seconds: number
}

const MOST_WRONG = 10
const BUDGET_BYTES = 2 ** 28

/** @param asked What wasm shall do where it might do better; by default it has to find out by itself what it can do here. */
export async function check(rung: Rung, cases: readonly Case[], asked?: Threading): Promise<Report> {
  const start = performance.now()
  const backend = await open(rung, asked)
  const wrong: string[] = []
  let identical = 0
  for (const one of cases) {
    const fault = await faultOf(backend, rung, one)
    if (fault === undefined) identical++
    else if (wrong.length < MOST_WRONG) wrong.push(`${JSON.stringify(one.steps)} on ${JSON.stringify(one.image)}: ${fault}`)
  }
  const adapter = backend instanceof WebgpuBackend ? { adapter: backend.adapter } : {}
  await backend.close()
  return { rung, ...adapter, cases: cases.length, identical, wrong, seconds: (performance.now() - start) / 1000 }
}

async function open(rung: Rung, asked: Threading | undefined): Promise<Backend> {
  if (rung === 'reference') return referenceBackend
  if (rung === 'webgpu') {
    const opened = await WebgpuBackend.open()
    if (typeof opened === 'string') throw new Error(opened)
    return opened
  }
  // No work is too little for workers, and strips and copies are smaller than windows: small images are cut as large ones are.
  const options = { threads: rung === 'inline' ? 0 : 2, inlineWork: -1, rowsPerStrip: 7, bandBytes: 1024, memoryBudgetBytes: BUDGET_BYTES }
  const backend = await WasmBackend.open(asked === undefined ? options : { ...options, threading: asked })
  const { name, why } = backend.threading
  if (name !== rung) throw new Error(`expected wasm to be ${rung} here, but it is ${name}: ${why}`)
  return backend
}

async function faultOf(backend: Backend, rung: Rung, { image: recipe, steps, sha256 }: Case): Promise<string | undefined> {
  const call = { image: imageOf(recipe), steps: parseSteps(steps) }
  try {
    const { image, threading, passes } = await backend.run(call)
    // Steps that change nothing take no pass, and so no thread.
    if (backend.name === 'wasm' && passes > 0 && threading !== rung) return `it ran ${threading}`
    if ((await hash(image.data)) === sha256) return undefined
    return difference(image, (await referenceBackend.run(call)).image) ?? "this runtime's reference gives the same, and Node's does not"
  } catch (error) {
    return String(error)
  }
}

async function hash(data: Uint8Array | Uint8ClampedArray): Promise<string> {
  // A copy, since shared memory is not taken.
  const digest = await crypto.subtle.digest('SHA-256', Uint8Array.from(data))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
