import { BORDERS } from '../../border.js'
import { shaders } from '../../generated/shaders.js'
import { type Shape, bytesOf } from '../../stage.js'
import { AT } from './frame.js'
import { fitsTile } from './tile.js'
import { type Level, type Pass, levelsOf } from './passes.js'

/** Enough that the first place, which is dear, costs little; few enough that there are threads for every core. */
const SWEEP = 32

/** Which shader file has a function, by its name. */
const fileOf = new Map(
  Object.entries(shaders)
    .filter(([file]) => !file.startsWith('lib/'))
    .flatMap(([file, text]) => [...text.matchAll(/\bfn (\w+)\(/g)].map((match) => [match[1] as string, file] as const)),
)

const text = (file: string): string => {
  const found = shaders[file]
  if (found === undefined) throw new Error(`no shader file ${file}`)
  return found
}

/** What a pass looks like to the compiler: passes with the same key share a pipeline. */
export function keyOf(pass: Pass, shapes: readonly Shape[], tiles: boolean): string {
  const form = ({ channels, format }: Shape): string => `${channels}${format}`
  const parts = levelsOf(pass).map(({ stage, shape }) => `${stage.kernel}${stage.join === undefined ? '' : '*'}:${form(shape)}`)
  const joined = pass.join < 0 ? '' : form(shapes[pass.join] as Shape)
  return [form(shapes[pass.input] as Shape), joined, ...parts, windowKey(pass, shapes, tiles), pass.reduces ? '#' : ''].join(' ')
}

/** The number of the window's border mode; -1 where it reads nothing outside. */
const borderOf = ({ window }: Pass): number => (window?.stage.border === undefined ? -1 : BORDERS.indexOf(window.stage.border))

/** Whether four pixels of one channel are read as they lie in one unit: by points, and by windows that see up and down only. */
function isTogether({ window }: Pass): boolean {
  if (window === undefined) return true
  const { border, columns, rows } = window.stage
  return border !== undefined && rows !== undefined && columns === undefined
}

function windowKey(pass: Pass, shapes: readonly Shape[], tiles: boolean): string {
  if (pass.window === undefined) return ''
  return `@${pass.before.length} ${borderOf(pass)} ${isTogether(pass)} ${pass.window.stage.sweep ?? (tiles && fitsTile(pass, shapes) ? 'tile' : '')}`
}

/**
 * The WGSL of a pass: constants, the frame, the functions of its stages, and one function a level, each of which
 * calls the level below. Level 0 reads the input.
 * @param tiles Windows read their input through the workgroup's memory where it fits.
 */
export function compose(pass: Pass, shapes: readonly Shape[], tiles: boolean): string {
  const source = shapes[pass.input] as Shape
  const result = pass.reduces ? { ...source, ...lastShape(pass) } : (shapes[pass.output] as Shape)
  const opInput = pass.before.at(-1)?.shape ?? source
  const joined = pass.join < 0 ? source : (shapes[pass.join] as Shape)
  const constants = {
    SRC_CHANNELS: source.channels,
    SRC_BYTES: bytesOf(source.format),
    JOINED_CHANNELS: joined.channels,
    JOINED_BYTES: bytesOf(joined.format),
    OP_CHANNELS: opInput.channels,
    OP_BYTES: bytesOf(opInput.format),
    OP_WIDE: opInput.format === 'i16',
    BORDER: borderOf(pass),
    TOGETHER: isTogether(pass),
    RESULT_WIDE: pass.window?.shape.format === 'i16',
    DST_CHANNELS: result.channels,
    DST_BYTES: bytesOf(result.format),
    UNITS_PER_THREAD: shareOf(pass).units,
    ROWS_PER_THREAD: shareOf(pass).rows,
  }
  const header = Object.entries(constants).map(([name, value]) => `const ${name} = ${value};`)

  const levels: string[] = []
  const kernels = new Set<string>()
  let channels = source.channels
  const add = (level: Level, isWindow: boolean): void => {
    const { kernel, join } = level.stage
    const below = `level_${levels.length}(xs, ys)`
    const at = `data[${AT + levels.length}]`
    kernels.add(kernel)
    const lines =
      isWindow
        ? ['columns = xs;', 'lines = ys;', `channels = ${channels};`, `return ${kernel}(${at});`]
        : channels === 4 && level.shape.channels === 1
          ? collapse(kernel, levels.length, at)
          : [`let v = ${below};`, `channels = ${channels};`, `return ${kernel}(v, ${join === undefined ? '' : 'joined_at(xs, ys), '}${at});`]
    levels.push(`fn level_${levels.length + 1}(xs: vec4i, ys: vec4i) -> vec4i {\n  ${lines.join('\n  ')}\n}`)
    channels = level.shape.channels
  }
  for (const level of pass.before) add(level, false)
  if (pass.window !== undefined) add(pass.window, true)
  for (const level of pass.after) add(level, false)

  const window =
    pass.window === undefined
      ? ['fn prepare(first_unit: i32, first_row: i32, local: i32) {}']
      : [
          text('lib/window.wgsl'),
          text(tiles && fitsTile(pass, shapes) ? 'lib/tile.wgsl' : 'lib/direct.wgsl'),
          opInputFunction(pass.before.length, opInput.channels),
        ]
  const files = [...new Set([...kernels].map((kernel) => fileOf.get(kernel) ?? missing(kernel)))]
  return [
    header.join('\n'),
    text('lib/frame.wgsl'),
    ...window,
    ...files.map(text),
    ...levels,
    `fn result(xs: vec4i, ys: vec4i) -> vec4i {\n  return level_${levels.length}(xs, ys);\n}`,
    ...(pass.reduces ? ['histogram.wgsl'] : ['lib/unit.wgsl', pass.window?.stage.sweep ? 'lib/sweep.wgsl' : 'lib/main.wgsl']).map(text),
  ].join('\n')
}

/** Units and rows of the result that a thread makes, one after the other. */
export function shareOf({ window }: Pass): { readonly units: number; readonly rows: number } {
  const sweep = window?.stage.sweep
  return { units: sweep === 'across' ? SWEEP : 1, rows: sweep === 'down' ? SWEEP : 1 }
}

const lastShape = (pass: Pass): Partial<Shape> => pass.after.at(-1)?.shape ?? pass.window?.shape ?? pass.before.at(-1)?.shape ?? {}

function missing(kernel: string): never {
  throw new Error(`no shader has a function ${kernel}`)
}

/** What the window reads: the level below, after which `channels` is the window's again. */
function opInputFunction(below: number, channels: number): string {
  return `fn op_input(xs: vec4i, ys: vec4i) -> vec4i {\n  let v = level_${below}(xs, ys);\n  channels = ${channels};\n  return v;\n}`
}

/** From four channels to one: each lane is a pixel of its own. */
function collapse(kernel: string, below: number, at: string): string[] {
  const lanes = ['x', 'y', 'z', 'w'].map((lane) => `${kernel}(level_${below}(vec4i(xs.${lane}), vec4i(ys.${lane})), ${at})`)
  return [`return vec4i(${lanes.join(', ')});`]
}
