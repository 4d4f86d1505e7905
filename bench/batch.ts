// Many photographs from files to files: one after the other, and by engine.map.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Codec } from '../src/cli/files.js'
import { type Engine, type Image, type Step, resize, sepia, unsharpMask } from '../src/index.js'
import { type Line, lineOf } from './lines.js'
import { photograph } from './photograph.js'

/** Where Debian's packages of desktops put photographs. */
const PHOTOGRAPHS = '/usr/share/backgrounds'

export interface BatchBench {
  readonly photographs: number
  readonly rounds: number
  /** Of a photograph that is made, where the system has none. */
  readonly size: readonly [width: number, height: number]
  /** Leaves the system's photographs alone. */
  readonly made: boolean
}

/** To half its size, sharpened and toned. */
const stepsOf = ({ width, height }: Image): readonly Step[] => [
  resize({ width: Math.ceil(width / 2), height: Math.ceil(height / 2) }),
  unsharpMask({ sigma: 1.5 }),
  sepia({ amount: 0.3 }),
]

/** How many times faster the same files are done by engine.map, reading, decoding, encoding and writing included. */
export async function measureBatch(engine: Engine, { photographs, rounds, size, made }: BatchBench): Promise<readonly Line[]> {
  const codec = await Codec.load()
  const folder = mkdtempSync(join(tmpdir(), 'isopix-batch-'))
  try {
    const found = made ? [] : findPhotographs()
    const pool = found.length > 0 ? found : await makePhotographs(codec, folder, size)
    const files = Array.from({ length: photographs }, (_, index) => pool[index % pool.length] as string)
    const write = async (image: Image, index: number): Promise<void> => {
      const path = join(folder, `out-${index}.jpg`)
      await writeFile(path, await codec.encode(image, path))
    }
    const oneByOne = async (): Promise<void> => {
      for (const [index, file] of files.entries()) {
        const image = await codec.decode(file)
        await write(await engine.apply(image, stepsOf(image), { backend: 'wasm' }), index)
      }
    }
    const mapped = async (): Promise<void> => {
      const sources = files.map((file) => () => codec.decode(file))
      for await (const { index, image } of engine.map(sources, stepsOf, { backend: 'wasm', ordered: false })) await write(image, index)
    }
    // Starts workers.
    await engine.apply(await codec.decode(files[0] as string), [unsharpMask({ sigma: 1.5 })], { backend: 'wasm' })
    const [apart, together]: [number[], number[]] = [[], []]
    // In turn, so that a change of the machine's speed meets both.
    for (let round = 0; round < rounds; round++) {
      apart.push(await secondsOf(oneByOne))
      together.push(await secondsOf(mapped))
    }
    const what = `${photographs} photographs ${found.length > 0 ? `of ${PHOTOGRAPHS}` : `of ${size[0]} x ${size[1]}`}`
    return [
      lineOf(`${what}: one after the other`, apart, 's'),
      lineOf(`${what}: by engine.map`, together, 's'),
      lineOf(`${what}: times faster by engine.map`, apart.map((seconds, round) => seconds / (together[round] as number)), 'x'),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

function findPhotographs(): readonly string[] {
  try {
    const names = readdirSync(PHOTOGRAPHS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jpg'))
    return names.sort().map((name) => join(PHOTOGRAPHS, name))
  } catch {
    return []
  }
}

/** A few of different shapes, as files. */
async function makePhotographs(codec: Codec, folder: string, [width, height]: readonly [number, number]): Promise<readonly string[]> {
  const shapes = [[width, height], [height, width], [width, Math.ceil(height / 2)], [Math.ceil(width / 2), height]] as const
  return Promise.all(
    shapes.map(async ([w, h], index) => {
      const path = join(folder, `in-${index}.jpg`)
      await writeFile(path, await codec.encode(photograph(w, h), path))
      return path
    }),
  )
}
