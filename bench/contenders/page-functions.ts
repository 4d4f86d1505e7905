// What the benchmark calls in a page: contenders there, by number since only JSON passes.
import { parseSteps } from '../../src/index.js'
import type { Contender, Memory, Prepared } from '../contender.js'
import { digestOf } from '../difference.js'

export type PageFunctions = ReturnType<typeof pageFunctions>

/** @param openContenders By their name, with ordinary and with resident images; or why they are not there. */
export function pageFunctions(openContenders: (name: string, threads: number) => Promise<readonly Contender[] | string>) {
  let contenders: readonly Contender[] = []
  const prepared: Prepared[] = []

  const at = (index: number): Prepared => prepared[index] as Prepared

  async function open(name: string, threads: number): Promise<{ about: string; memory: Memory }[] | string> {
    const opened = await openContenders(name, threads)
    if (typeof opened === 'string') return opened
    contenders = opened
    return contenders.map(({ about, memory }) => ({ about, memory }))
  }

  /** Prepares steps on the image whose bytes are at a URL; -1 where they cannot be done. */
  async function prepare(memory: Memory, shape: { width: number; height: number; channels: 1 | 3 | 4 }, url: string, steps: string): Promise<number> {
    const data = new Uint8ClampedArray(await (await fetch(url)).arrayBuffer())
    const contender = contenders.find((candidate) => candidate.memory === memory) as Contender
    const ready = await contender.prepare({ ...shape, data }, parseSteps(steps))
    return ready === undefined ? -1 : prepared.push(ready) - 1
  }

  const time = (index: number, calls: number): Promise<number> => at(index).time(calls)

  /** The pixels in base64. */
  async function result(index: number): Promise<{ width: number; height: number; channels: 1 | 3 | 4; base64: string }> {
    const { data, ...shape } = await at(index).result()
    let text = ''
    for (let from = 0; from < data.length; from += 0x8000) text += String.fromCharCode(...data.subarray(from, from + 0x8000))
    return { ...shape, base64: btoa(text) }
  }

  async function digest(index: number): Promise<string> {
    return digestOf(await at(index).result())
  }

  const dispose = (index: number): Promise<void> => at(index).dispose()

  return { open, prepare, time, result, digest, dispose }
}
