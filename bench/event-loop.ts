// How late this thread comes to its timers: what is left of its time for others.
import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Line, lineOf } from './lines.js'

/** Nanoseconds on a core, and nanoseconds in which it waited for one. Linux only; the main thread has the process's number. */
const SCHEDULE = `/proc/self/task/${process.pid}/schedstat`

/** Starts to look; what it returns ends that and gives the lines. */
export function watchEventLoop(what: string): () => readonly Line[] {
  const histogram = monitorEventLoopDelay({ resolution: 1 })
  histogram.enable()
  const endTicks = watchTicks()
  return () => {
    histogram.disable()
    // The histogram counts from one tick to the next, of which one millisecond is the resolution.
    const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - 1)
    const line = { what, median: late(histogram.percentile(50)), p99: late(histogram.percentile(99)), most: late(histogram.max), unit: 'ms' }
    const own = endTicks()
    return own === undefined ? [line] : [line, lineOf(`${what}: without waiting for a core`, own)]
  }
}

/** The same without the time in which others had this thread's core, which on a machine with other work is most of it. */
function watchTicks(): () => readonly number[] | undefined {
  if (!existsSync(SCHEDULE)) return () => undefined
  const file = openSync(SCHEDULE, 'r')
  const text = Buffer.alloc(100)
  const waited = (): number => Number(text.toString('latin1', 0, readSync(file, text, 0, text.length, 0)).split(' ')[1]) / 1e6
  const samples: number[] = []
  let before = { at: performance.now(), waited: waited() }
  const tick = (): void => {
    const now = { at: performance.now(), waited: waited() }
    samples.push(Math.max(0, now.at - before.at - (now.waited - before.waited) - 1))
    before = now
  }
  const timer = setInterval(tick, 1)
  return () => {
    clearInterval(timer)
    closeSync(file)
    return samples
  }
}
