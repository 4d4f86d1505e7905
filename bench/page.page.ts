// In a page: how late its timers come while 4K chains run one after the other.
import { createEngine, gaussianBlur, luminance, sobel, threshold } from '../src/index.js'
import { photograph } from './photograph.js'

export async function tasks(width: number, height: number, milliseconds: number): Promise<{ threading: string; late: number[]; longTasks: number }> {
  await using engine = await createEngine({ gpu: false })
  const image = photograph(width, height)
  const steps = [luminance(), gaussianBlur({ sigma: 2 }), sobel(), threshold({ value: 40 })]
  const { run } = await engine.apply(image, steps)
  let longTasks = 0
  const observer = new PerformanceObserver((list) => (longTasks += list.getEntries().length))
  observer.observe({ entryTypes: ['longtask'] })
  const late: number[] = []
  // Messages come as soon as the page's thread is free; timers that follow one another wait for 4 ms.
  const { port1, port2 } = new MessageChannel()
  let before = performance.now()
  port1.onmessage = () => {
    const now = performance.now()
    late.push(now - before)
    before = now
    port2.postMessage(undefined)
  }
  port2.postMessage(undefined)
  const until = performance.now() + milliseconds
  while (performance.now() < until) await engine.apply(image, steps)
  port1.close()
  observer.disconnect()
  return { threading: run.threading ?? '', late, longTasks }
}
