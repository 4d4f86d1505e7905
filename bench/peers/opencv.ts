// OpenCV itself, from C++: Debian's python3-opencv in a process of its own, which is handed the same bytes and times its own calls.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Image } from '../../src/index.js'
import type { Bound, Prepared } from '../contender.js'
import { meaningOf } from './meaning.js'
import type { Peer } from './peer.js'

const PYTHONS = ['/usr/bin/python3', 'python3']
const IN_MEMORY = '/dev/shm'

export const opencv: Peer = {
  name: 'opencv',
  async open({ threads }) {
    const python = PYTHONS.find((program) => spawnSync(program, ['-c', 'import cv2'], { stdio: 'ignore' }).status === 0)
    if (python === undefined) return 'no Python with OpenCV was found; on Debian: apt-get install python3-opencv'
    const folder = mkdtempSync(join(existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir(), 'isopix-bench-'))
    const child = spawn(python, ['bench/peers/opencv.py'], { stdio: ['pipe', 'pipe', 'inherit'] })
    const ask = conversation(child)
    const { version, threads: used } = await ask<{ version: string; threads: number }>('open', { threads })
    let count = 0

    return {
      name: 'opencv',
      about: `OpenCV ${version}, native, ${used} threads`,
      memory: 'resident',
      async prepare(image, steps) {
        const id = count++
        const file = join(folder, `${id}`)
        const { width, height, channels, data } = image
        writeFileSync(file, data)
        const { missing, ...known } = await ask<Answer>('prepare', { id, file, width, height, channels, steps: steps.map(meaningOf) })
        rmSync(file)
        if (missing !== undefined) return undefined
        const { note, bound, ignoresAlpha } = known
        return {
          note: note ?? undefined,
          bound: bound ?? undefined,
          ignoresAlpha,
          time: async (calls) => (await ask<{ milliseconds: number }>('time', { id, calls })).milliseconds,
          async result() {
            const shape = await ask<Omit<Image, 'data'>>('result', { id, file })
            const bytes = readFileSync(file)
            rmSync(file)
            return { ...shape, data: new Uint8ClampedArray(bytes.buffer, bytes.byteOffset, bytes.length) }
          },
          dispose: async () => void (await ask('dispose', { id })),
        } satisfies Prepared
      },
      async close() {
        child.stdin?.end()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  },
}

interface Answer {
  readonly missing?: string
  readonly note?: string | null
  readonly bound?: Bound | null
  readonly ignoresAlpha?: boolean
}

type Ask = <T>(method: string, request: object) => Promise<T>

/** Questions and answers, a line each, in order. */
function conversation(child: ChildProcess): Ask {
  if (child.stdin === null || child.stdout === null) throw new Error('the process has no pipes')
  const { stdin } = child
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return async <T>(method: string, request: object): Promise<T> => {
    stdin.write(`${JSON.stringify({ method, ...request })}\n`)
    const { value, done } = await lines.next()
    if (done) throw new Error('opencv.py ended')
    const answer = JSON.parse(value) as T & { error?: string }
    if (answer.error !== undefined) throw new Error(`opencv.py: ${answer.error}`)
    return answer
  }
}
