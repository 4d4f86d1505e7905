// Files that are good, bad and in the way.
import { existsSync, linkSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, expect, test } from 'vitest'
import { isopix } from '../helpers/command.js'
import { temporaryFolder } from '../helpers/folder.js'
import { makeImage } from '../helpers/images.js'
import { readBytes, readPicture, writePicture } from '../helpers/pictures.js'

const folder = temporaryFolder()
const at = (...names: readonly string[]): string => join(folder, ...names)
const drafts = (path = folder): string[] => readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tmp'))

beforeAll(async () => {
  await writePicture(makeImage(64, 48, 3), at('a.png'))
  await writePicture(makeImage(60, 40, 4), at('b.webp'))
  await writePicture(makeImage(200, 200, 3), at('whole.jpg'))
  writeFileSync(at('text.jpg'), 'this is no picture')
  writeFileSync(at('empty.png'), '')
  writeFileSync(at('cut.jpg'), readFileSync(at('whole.jpg')).subarray(0, 9000))
  writeFileSync(at('huge.svg'), '<svg xmlns="http://www.w3.org/2000/svg" width="100000" height="90000"><rect width="9" height="9"/></svg>')
})

test('bad files among good ones fail by name, and the others are done', async () => {
  const inputs = ['a.png', 'text.jpg', 'empty.png', 'none.png', 'cut.jpg', 'huge.svg', 'b.webp']
  const { code, stdout, stderr } = await isopix(folder, [...inputs, '-o', 'mixed', '--on-error', 'skip', 'invert'])
  expect(code).toBe(1)
  expect(stderr.split('\n').filter(Boolean).sort()).toEqual([
    'isopix: 5 of 7 files failed:',
    expect.stringMatching(/^isopix: cut\.jpg: is no picture that can be read: (VipsJpeg: premature end of JPEG image|it is damaged)$/),
    'isopix: empty.png: is empty',
    'isopix: huge.svg: 100000 x 90000 pixels are more than can be read (268 million)',
    'isopix: none.png: there is no such file',
    'isopix: text.jpg: is no picture that can be read: Input file contains unsupported image format',
  ])
  expect(stdout).toMatch(/^a\.png → mixed\/a\.png +64 x 48 RGB +wasm .*\nb\.webp → mixed\/b\.webp +60 x 40 RGBA +wasm .*\n2 files in .*\n$/)
  expect(readdirSync(at('mixed')).sort()).toEqual(['.isopix.jsonl', 'a.png', 'b.webp'])
})

test('the same for machines: one document a line', async () => {
  const { code, stdout, stderr } = await isopix(folder, ['a.png', 'text.jpg', 'b.webp', '-o', 'machines/', '--on-error=skip', '--json', 'luminance'])
  expect(code).toBe(1)
  expect(stderr).toBe('')
  const documents = stdout.trim().split('\n').map((line) => JSON.parse(line))
  expect(documents).toMatchObject([
    { input: 'text.jpg', error: { code: 'ERR_FILE' } },
    { input: 'a.png', output: 'machines/a.png', width: 64, height: 48, channels: 1, run: { backend: 'wasm', reason: expect.any(String), milliseconds: expect.any(Number), passes: 1 } },
    { input: 'b.webp', output: 'machines/b.webp' },
  ])
})

test('an output folder that nothing went into is not left behind', async () => {
  const { code } = await isopix(folder, ['cut.jpg', 'cut.jpg/../cut.jpg', '-o', 'nothing/', 'invert'])
  expect(code).toBe(2)
  expect((await isopix(folder, ['cut.jpg', '-o', 'nothing/', 'invert'])).code).toBe(1)
  expect(existsSync(at('nothing'))).toBe(false)
})

test('a file that fails leaves the file that was there before', async () => {
  writeFileSync(at('kept.png'), 'before')
  const { code } = await isopix(folder, ['cut.jpg', '-o', 'kept.png', 'invert'])
  expect(code).toBe(1)
  expect(readFileSync(at('kept.png'), 'utf8')).toBe('before')
  expect(drafts()).toEqual([])
})

test('a step that does not fit one of the files fails that one', async () => {
  const { code, stderr, stdout } = await isopix(folder, ['a.png', 'b.webp', '-o', 'cropped/', '--on-error', 'skip', 'crop:left=0,top=0,width=62,height=1'])
  expect(code).toBe(1)
  expect(stderr).toContain('isopix: b.webp: step 1, crop: expected the rectangle to lie within the image of 60 x 40')
  expect(stdout).toContain('cropped/a.png')
})

test('an input is not overwritten through a link either', async () => {
  symlinkSync(at('a.png'), at('symbolic.png'))
  linkSync(at('a.png'), at('hard.png'))
  for (const link of ['symbolic.png', 'hard.png', '../'.concat(folder.split('/').at(-1) as string, '/a.png')]) {
    const { code, stderr } = await isopix(folder, ['a.png', '-o', link, 'invert'])
    expect(stderr).toContain('is the input "a.png", which would be lost')
    expect(code).toBe(2)
  }
})

test('an output that is a link is written where it leads', async () => {
  writeFileSync(at('target.png'), '')
  symlinkSync(at('target.png'), at('leads.png'))
  expect((await isopix(folder, ['a.png', '-o', 'leads.png', 'invert'])).code).toBe(0)
  expect((await readPicture(at('target.png'))).width).toBe(64)
})

test.runIf(process.platform === 'linux')('a device is not replaced', async () => {
  symlinkSync('/dev/null', at('device.png'))
  const { code, stderr } = await isopix(folder, ['a.png', '-o', 'device.png', 'invert'])
  expect(code).toBe(2)
  expect(stderr).toContain('the output "device.png" is no ordinary file')
})

test.runIf(process.platform === 'linux')('an output folder that cannot be written is an error before anything is read', async () => {
  const { code, stderr } = await isopix(folder, ['cut.jpg', '-o', '/proc/out.png', 'invert'])
  expect(code).toBe(1)
  expect(stderr).toMatch(/^isopix: \/proc\/out\.png: its folder (does not exist|must not be written|cannot be written).*\n$/)
})

test('orientation, grey, 16 bits and colour spaces arrive as upright sRGB with 8 bits', async () => {
  const { width, height, data } = makeImage(40, 20, 3, 'gradient')
  const picture = sharp(data, { raw: { width, height, channels: 3 } })
  await picture.clone().withMetadata({ orientation: 6 }).toFile(at('turned.tiff'))
  await picture.clone().toColourspace('b-w').toFile(at('grey.png'))
  await picture.clone().toColourspace('rgb16').toFile(at('deep.png'))
  await picture.clone().toColourspace('cmyk').toFile(at('cmyk.jpg'))
  const { code, stderr } = await isopix(folder, ['turned.tiff', 'grey.png', 'deep.png', 'cmyk.jpg', '-o', 'srgb/', 'brightness:amount=1'])
  expect(code, stderr).toBe(0)
  expect(await readPicture(at('srgb/turned.tiff'))).toMatchObject({ width: 20, height: 40, channels: 3 })
  expect(await readPicture(at('srgb/grey.png'))).toMatchObject({ channels: 3 })
  expect((await readPicture(at('srgb/deep.png'))).data).toEqual(data)
  expect(await sharp(at('srgb/cmyk.jpg')).metadata()).toMatchObject({ space: 'srgb', channels: 3, depth: 'uchar' })
})

test('lossless formats hold the very bytes, with alpha', async () => {
  const source = makeImage(33, 21, 4)
  await writePicture(source, at('source.png'))
  for (const file of ['exact.png', 'exact.tiff', 'exact.tif']) {
    expect((await isopix(folder, ['source.png', '-o', file, 'invert', 'invert'])).code).toBe(0)
    expect((await readPicture(at(file))).data, file).toEqual(source.data)
  }
})

test('every extension that is offered can be written', async () => {
  const { stderr } = await isopix(folder, ['a.png', '-o', 'a.xyz', 'invert'])
  const extensions = [...stderr.slice(stderr.indexOf('one of')).matchAll(/\.(\w+)/g)].map((match) => match[1] as string)
  expect(extensions.length).toBeGreaterThan(6)
  for (const extension of [...extensions, 'PNG']) {
    const { code, stderr: failure } = await isopix(folder, ['a.png', '-o', `every.${extension}`, 'luminance', 'invert'])
    expect(code, failure).toBe(0)
    expect((await sharp(at(`every.${extension}`)).metadata()).width).toBe(64)
  }
})

test('a format that cannot be written becomes PNG in a folder', async () => {
  writeFileSync(at('drawing.svg'), '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect width="9" height="9" fill="red"/></svg>')
  expect((await isopix(folder, ['drawing.svg', '-o', 'drawn/', 'invert'])).code).toBe(0)
  expect(readdirSync(at('drawn'))).toEqual(['drawing.png'])
})

test('of a moving picture the first one is filtered, and that is said', async () => {
  const frames = makeImage(16, 32, 3)
  await sharp(frames.data, { raw: { width: 16, height: 32, channels: 3, pageHeight: 16 } }).gif().toFile(at('moving.gif'))
  const { code, stderr } = await isopix(folder, ['moving.gif', '-o', 'still.png', 'invert'])
  expect(code).toBe(0)
  expect(stderr).toBe('isopix: moving.gif: only the first of its 2 pictures was filtered\n')
  expect(await readPicture(at('still.png'))).toMatchObject({ width: 16, height: 16 })
})

test('names that look like options or filters are inputs where they are written as paths', async () => {
  for (const name of ['-dash.png', 'sepia', 'filters']) writeFileSync(at(name), readFileSync(at('a.png')))
  mkdirSync(at('luminance'))
  expect((await isopix(folder, ['-o', 'dash.png', 'invert', '--', '-dash.png'])).code).toBe(0)
  expect((await isopix(folder, ['./sepia', 'luminance', '-o', 'sepia.png'])).code).toBe(0)
  expect((await isopix(folder, ['./filters', '-o', 'filters.png', 'sepia'])).code).toBe(0)
  expect(readBytes(at('dash.png'))).not.toBe(readBytes(at('filters.png')))
})

test.each(['SIGTERM', 'SIGINT'] as const)('%s in the middle leaves whole files only', async (signal) => {
  const inputs = Array.from({ length: 80 }, (_, i) => `copy${i}.jpg`)
  for (const input of inputs) writeFileSync(at(input), readFileSync(at('whole.jpg')))
  const out = `stopped-${signal}`
  const { code } = await isopix(folder, [...inputs, '-o', `${out}/`, 'gaussian-blur:sigma=9'], {
    onOutput: (stdout, kill) => stdout.split('\n').length > 3 && kill(signal),
  })
  expect(code).toBe(signal === 'SIGINT' ? 130 : 143)
  expect(drafts()).toEqual([])
  const written = readdirSync(at(out)).filter((name) => name.endsWith('.jpg'))
  expect(written.length).toBeGreaterThan(2)
  expect(written.length).toBeLessThan(inputs.length)
  for (const file of written) await expect(readPicture(at(out, file))).resolves.toMatchObject({ width: 200, height: 200 })
})
