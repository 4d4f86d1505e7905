// What a worker does: it takes strips of rows from the jobs in the control block and runs them, or runs what it is sent.
// It does not know what a filter is. The build bundles it, behind a platform's endpoint, into src/generated/.
import { instantiate } from './instantiate.js'
import * as protocol from './protocol.js'
import { type Port, serve } from './transfer.js'

export function start(data: protocol.WorkerData, port: Port): void {
  if (data.memory === undefined) serve(data.module, port)
  else work(data)
}

/** Takes strips until the engine closes. */
function work({ module, memory, index }: protocol.SharedWorkerData): void {
  const kernels = instantiate(module, memory)
  const control = new Int32Array(memory.buffer, 0, protocol.CONTROL_BYTES / 4)

  /** Takes one strip of the job in a slot and runs it; false if there is none. */
  function takeStrip(slot: number): boolean {
    const at = protocol.slotAt(slot)
    if (Atomics.load(control, at + protocol.NEXT) >= Atomics.load(control, at + protocol.STRIPS)) return false
    const strip = Atomics.add(control, at + protocol.NEXT, 1)
    if (strip >= Atomics.load(control, at + protocol.STRIPS)) return false
    Atomics.store(control, protocol.CLAIMS + index, (slot << protocol.CLAIM_SLOT_BITS) + strip + 1)
    const scratch = Atomics.load(control, at + protocol.SCRATCH) >>> 0
    const scratchBytes = Atomics.load(control, at + protocol.SCRATCH_BYTES)
    const { y0, y1 } = protocol.stripRows(control, slot, strip)
    kernels.run(Atomics.load(control, at + protocol.JOB) >>> 0, y0, y1, scratch + index * scratchBytes)
    Atomics.store(control, protocol.CLAIMS + index, 0)
    Atomics.add(control, at + protocol.DONE, 1)
    Atomics.notify(control, at + protocol.DONE)
    return true
  }

  /** Takes a strip of every live job in turn, so that a small job is not stuck behind a large one. */
  function takeStrips(): boolean {
    let took = false
    for (let slot = 0; slot < protocol.SLOT_COUNT; slot++) took = takeStrip(slot) || took
    return took
  }

  while (Atomics.load(control, protocol.STOP) === 0) {
    const seen = Atomics.load(control, protocol.WAKE)
    if (!takeStrips()) Atomics.wait(control, protocol.WAKE, seen)
  }
}
