// What gpu.js is given: kernels as text, each thread of which makes one value of a flat image.
import type { Image } from '../../src/index.js'
import type { Meaning } from './meaning.js'

export interface Kernel {
  readonly source: string
  readonly constants: Readonly<Record<string, number | readonly number[]>>
  /** Of the image that it makes. */
  readonly channels: 1 | 4
}

type Shape = Pick<Image, 'width' | 'height' | 'channels'>

/** Parameters of filters, by name; those of other filters are undefined. */
type Numbers = Readonly<Record<'scale' | 'offset' | 'value' | 'radius' | 'sigma' | 'width' | 'height', number>>

const level = (value: string): string => `Math.min(255, Math.max(0, Math.floor(${value} + 0.5)))`

/** The kernels of a step, or undefined where there is none that does the same. */
export function kernelsOf({ name, values, table, matrix }: Meaning, shape: Shape): readonly Kernel[] | undefined {
  if (!['replicate', undefined].includes(values['border'] as string)) return undefined
  const channels = shape.channels as 1 | 4
  const v = values as unknown as Numbers
  const make = (source: string, constants: Kernel['constants'] = {}): Kernel => ({ source, constants: { ...shape, ...constants }, channels })
  /** Alpha is copied. */
  const point = (value: string, constants?: Kernel['constants']): readonly Kernel[] => [
    make(`function (src) { const v = src[this.thread.x]; ${channels === 4 ? 'if (this.thread.x % 4 === 3) { return v; }' : ''} return ${value}; }`, constants),
  ]
  /** Both passes of a window that is a product of two; `last` is for the second. */
  const separable = (start: string, step: string, last: string, radius: number, constants?: Kernel['constants']): readonly Kernel[] =>
    (['y', 'x'] as const).map((axis) => make(line(axis, start, step, axis === 'x' ? last : 'sum'), { radius, ...constants }))

  switch (name) {
    case 'invert':
      return point('255 - v')
    case 'linear':
      return point(level('v * this.constants.scale + this.constants.offset'), { scale: v.scale, offset: v.offset })
    case 'threshold':
      return point('v >= this.constants.value ? 255 : 0', { value: v.value })
    case 'luminance': {
      if (values['weights'] !== 'bt601' || channels !== 4) return undefined
      const source = `function (src) { const p = 4 * this.thread.x; return ${level('0.299 * src[p] + 0.587 * src[p + 1] + 0.114 * src[p + 2]')}; }`
      return [{ ...make(source), channels: 1 }]
    }
    case 'box-blur':
      return separable('0', 'sum += value', level('sum / this.constants.area'), v.radius, { area: (2 * v.radius + 1) ** 2 })
    case 'gaussian-blur': {
      const radius = Math.ceil(3.5 * v.sigma)
      const exact = Array.from({ length: 2 * radius + 1 }, (_, k) => Math.exp(-((k - radius) ** 2) / (2 * v.sigma * v.sigma)))
      const total = exact.reduce((sum, w) => sum + w, 0)
      return separable('0', 'sum += value * this.constants.weights[k]', level('sum'), radius, { weights: exact.map((w) => w / total) })
    }
    case 'erode':
      return separable('255', 'sum = Math.min(sum, value)', 'sum', v.radius)
    case 'dilate':
      return separable('0', 'sum = Math.max(sum, value)', 'sum', v.radius)
    case 'convolve': {
      const kernel = (values['kernel'] as readonly number[]).map((weight) => weight / v.scale)
      return [make(window(), { columns: v.width, rows: v.height, left: v.width >> 1, top: v.height >> 1, offset: v.offset, kernel })]
    }
    case 'sobel':
      return values['output'] === 'magnitude' ? [make(gradient(channels))] : undefined
  }
  if (matrix !== undefined && channels === 4) {
    const sum = [0, 1, 2, 3].map((j) => `this.constants.matrix[row + ${j}] * src[p + ${j}]`).join(' + ')
    const source = `function (src) { const c = this.thread.x % 4; const p = this.thread.x - c; const row = 5 * c; return ${level(`${sum} + 255 * this.constants.matrix[row + 4]`)}; }`
    return [make(source, { matrix })]
  }
  return table === undefined ? undefined : point('this.constants.table[v]', { table })
}

/** The place of a value. Half a pixel more keeps a quotient of floats from falling short of a whole number. */
const PLACE =
  'const c = this.thread.x % this.constants.channels; const pixel = Math.floor(this.thread.x / this.constants.channels); ' +
  'const y = Math.floor((pixel + 0.5) / this.constants.width); const x = pixel - y * this.constants.width;'
const AT = 'src[(py * this.constants.width + px) * this.constants.channels + c]'
const clamped = (place: string, size: 'width' | 'height'): string => `Math.min(Math.max(${place}, 0), this.constants.${size} - 1)`

function line(axis: 'x' | 'y', start: string, step: string, last: string): string {
  const px = axis === 'x' ? clamped('x + k - this.constants.radius', 'width') : 'x'
  const py = axis === 'y' ? clamped('y + k - this.constants.radius', 'height') : 'y'
  return `function (src) {
    ${PLACE}
    let sum = ${start};
    for (let k = 0; k <= 2 * this.constants.radius; k++) {
      const px = ${px};
      const py = ${py};
      const value = ${AT};
      ${step};
    }
    return ${last};
  }`
}

const window = (): string => `function (src) {
    ${PLACE}
    if (c === 3) { return src[this.thread.x]; }
    let sum = this.constants.offset;
    for (let j = 0; j < this.constants.rows; j++) {
      const py = ${clamped('y + j - this.constants.top', 'height')};
      for (let k = 0; k < this.constants.columns; k++) {
        const px = ${clamped('x + k - this.constants.left', 'width')};
        sum += this.constants.kernel[j * this.constants.columns + k] * ${AT};
      }
    }
    return ${level('sum')};
  }`

/** Sobel's, whose zeros are not read. */
function gradient(channels: 1 | 4): string {
  const at = (dx: number, dy: number): string => {
    const column = ['left', 'x', 'right'][dx + 1] as string
    const row = ['up', 'y', 'down'][dy + 1] as string
    return `src[(${row} * this.constants.width + ${column}) * this.constants.channels + c]`
  }
  return `function (src) {
    ${PLACE}
    ${channels === 4 ? 'if (c === 3) { return src[this.thread.x]; }' : ''}
    const left = ${clamped('x - 1', 'width')};
    const right = ${clamped('x + 1', 'width')};
    const up = ${clamped('y - 1', 'height')};
    const down = ${clamped('y + 1', 'height')};
    const nw = ${at(-1, -1)};
    const ne = ${at(1, -1)};
    const sw = ${at(-1, 1)};
    const se = ${at(1, 1)};
    const gx = ne - nw + 2 * (${at(1, 0)} - ${at(-1, 0)}) + se - sw;
    const gy = sw - nw + 2 * (${at(0, 1)} - ${at(0, -1)}) + se - ne;
    return ${level('Math.sqrt(gx * gx + gy * gy)')};
  }`
}
