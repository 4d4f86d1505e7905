import type { Image } from '../image.js'

type Colour = readonly [number, number, number]

const SKY: readonly [number, Colour][] = [
  [0, [14, 20, 58]],
  [0.28, [86, 48, 112]],
  [0.46, [222, 98, 84]],
  [0.6, [255, 196, 108]],
]
const HORIZON = 0.62
const SUN = { x: 0.68, y: 0.5, radius: 0.085 }
/** From far to near: height of the ridge, how far it rises, its roughness and its colour. */
const RIDGES: readonly { base: number; rise: number; steps: number; colour: Colour }[] = [
  { base: 0.5, rise: 0.07, steps: 3, colour: [148, 92, 122] },
  { base: 0.56, rise: 0.06, steps: 5, colour: [88, 62, 104] },
  { base: 0.6, rise: 0.045, steps: 8, colour: [40, 38, 74] },
]
/** The letters of the name, five columns by seven rows each, a bit a dot. */
const LETTERS: readonly (readonly number[])[] = [
  [0b01110, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
  [0b01111, 0b10000, 0b10000, 0b01110, 0b00001, 0b00001, 0b11110],
  [0b01110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110],
  [0b11110, 0b10001, 0b10001, 0b11110, 0b10000, 0b10000, 0b10000],
  [0b01110, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
  [0b10001, 0b10001, 0b01010, 0b00100, 0b01010, 0b10001, 0b10001],
]
const SWATCHES: readonly Colour[] = [
  [228, 38, 52],
  [245, 150, 32],
  [250, 226, 60],
  [64, 178, 84],
  [44, 148, 222],
  [124, 72, 190],
  [244, 244, 244],
  [24, 24, 28],
]

/**
 * A picture to try filters on: an evening by the water with soft gradients, fine grain, letters with hard edges, flat
 * colours and lines that grow finer.
 */
export function samplePicture(width = 1920, height = 1280): Image {
  const data = new Uint8ClampedArray(width * height * 3)
  const ridges = RIDGES.map(({ base, rise, steps }) =>
    Array.from({ length: width }, (_, x) => (base - rise * roughness(x / width, steps)) * height),
  )
  const next = grain()
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const noise = (next() - 0.5) * 10
      const colour = foreground(x / width, y / height, height / width) ?? landscape(x, y, { width, height, ridges })
      const at = (y * width + x) * 3
      for (let c = 0; c < 3; c++) data[at + c] = (colour[c] as number) + noise
    }
  }
  return { width, height, channels: 3, data }
}

interface Scene {
  readonly width: number
  readonly height: number
  /** For each ridge its height at every column. */
  readonly ridges: readonly (readonly number[])[]
}

function landscape(x: number, y: number, scene: Scene): Colour {
  const { width, height } = scene
  const horizon = HORIZON * height
  if (y < horizon) return above(x, y, scene)
  // The water mirrors what is above it, darker and rippled more the nearer it is.
  const depth = (y - horizon) / (height - horizon)
  const shift = Math.sin(y * y * 0.0009 + Math.sin(x * 0.013) * 2) * depth * 26
  const mirroredX = Math.min(width - 1, Math.max(0, Math.round(x + shift)))
  const mirrored = above(mirroredX, Math.max(0, horizon - 1 - (y - horizon) * 1.15), scene)
  return mix(mirrored, [10, 26, 54], 0.25 + 0.45 * depth)
}

function above(x: number, y: number, { width, height, ridges }: Scene): Colour {
  const ridge = ridges.findLastIndex((heights) => y > (heights[x] as number))
  if (ridge >= 0) return (RIDGES[ridge] as (typeof RIDGES)[number]).colour
  const sky = gradient(y / height)
  const distance = Math.hypot((x - SUN.x * width) / height, y / height - SUN.y) / SUN.radius
  if (distance < 1) return [255, 238, 190]
  return mix(sky, [255, 214, 140], 0.75 / (1 + (distance - 1) ** 2 * 1.4))
}

/** Letters, swatches and lines that lie before the landscape; undefined where there are none. */
function foreground(u: number, v: number, aspect: number): Colour | undefined {
  const letter = text(u, v, aspect)
  if (letter !== undefined) return letter
  if (v > 0.82 && v < 0.93) {
    const place = (u - 0.05) / 0.055
    const within = place - Math.floor(place)
    if (place >= 0 && place < SWATCHES.length && within < 0.82) return SWATCHES[Math.floor(place)] as Colour
    // Lines that grow finer to the right.
    if (u > 0.56 && u < 0.95) return Math.floor(8 / (1 - (u - 0.56) / 0.42)) % 2 === 0 ? [246, 242, 232] : [22, 22, 34]
  }
  return undefined
}

function text(u: number, v: number, aspect: number): Colour | undefined {
  const dot = 0.0125
  const column = Math.floor((u - 0.06) / dot)
  const row = Math.floor(((v - 0.09) * aspect) / dot)
  const letter = LETTERS[Math.floor(column / 6)]
  if (column < 0 || row < 0 || row > 6 || letter === undefined || column % 6 === 5) return undefined
  return ((letter[row] as number) >> (4 - (column % 6))) & 1 ? [252, 246, 228] : undefined
}

function gradient(v: number): Colour {
  const next = SKY.findIndex(([at]) => at > v)
  if (next < 0) return (SKY.at(-1) as [number, Colour])[1]
  const [from, before] = SKY[next - 1] as [number, Colour]
  const [to, after] = SKY[next] as [number, Colour]
  return mix(before, after, (v - from) / (to - from))
}

/** Between -1 and 1 or so: peaks and smaller peaks upon them. */
function roughness(u: number, steps: number): number {
  let sum = 0
  const start = steps * 0.61
  for (let octave = 0; octave < 6; octave++) sum += triangle(start + octave * 0.37 + u * steps * 2 ** octave) / 1.9 ** octave
  return sum / 1.4
}

/** A wave of straight lines with period 1. */
const triangle = (t: number): number => Math.abs((t - Math.floor(t)) * 4 - 2) - 1

function mix(a: Colour, b: Colour, part: number): Colour {
  const between = (from: number, to: number): number => from + (to - from) * part
  return [between(a[0], b[0]), between(a[1], b[1]), between(a[2], b[2])]
}

/** Numbers in 0..1 that look random (a xorshift generator). */
function grain(): () => number {
  let state = 0x9e3779b9
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
