// What the benchmark runs in a page: the backends of isopix there, by number since only JSON passes.
import { parseSteps } from '../../src/index.js'
import type { Contender, Memory, Prepared } from '../contender.js'
import { openOwn } from './own.js'

let contenders: readonly Contender[] = []
const prepared: Prepared[] = []

const at = (index: number): Prepared => prepared[index] as Prepared

export async function open(name: string, threads: number): Promise<{ about: string; memory: Memory }[] | string> {
  const opened = await openOwn(name, threads)
  if (typeof opened === 'string') return opened
  contenders = opened
  return contenders.map(({ about, memory }) => ({ about, memory }))
}

/** Prepares steps on the image whose bytes are at a URL. */
export async function prepare(memory: Memory, shape: { width: number; height: number; channels: 1 | 3 | 4 }, url: string, steps: string): Promise<number> {
  const data = new Uint8ClampedArray(await (await fetch(url)).arrayBuffer())
  const contender = contenders.find((candidate) => candidate.memory === memory) as Contender
  return prepared.push((await contender.prepare({ ...shape, data }, parseSteps(steps))) as Prepared) - 1
}

export const time = (index: number, calls: number): Promise<number> => at(index).time(calls)

/** The pixels in base64. */
export async function result(index: number): Promise<{ width: number; height: number; channels: 1 | 3 | 4; base64: string }> {
  const { data, ...shape } = await at(index).result()
  let text = ''
  for (let from = 0; from < data.length; from += 0x8000) text += String.fromCharCode(...data.subarray(from, from + 0x8000))
  return { ...shape, base64: btoa(text) }
}

export const dispose = (index: number): Promise<void> => at(index).dispose()

Object.assign(globalThis, { bench: { open, prepare, time, result, dispose } })
