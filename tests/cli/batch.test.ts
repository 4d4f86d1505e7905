// Five hundred pictures in nested folders, five of them corrupt: every good one right, the bad ones named, and a run that
// is interrupted goes on where it was.
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, expect, test } from 'vitest'
import { referenceBackend } from '../../src/backends/reference.js'
import { Codec } from '../../src/cli/files.js'
import { gaussianBlur, sepia } from '../../src/index.js'
import { type Run, isopix } from '../helpers/command.js'
import { temporaryFolder } from '../helpers/folder.js'
import { makeImage } from '../helpers/images.js'

const COUNT = 500
const FOLDERS = ['.', 'summer', 'summer/lake', 'winter/a/b', 'odd [name] {1}']
const FORMATS = ['jpg', 'png', 'webp', 'tiff', 'gif', 'jpeg', 'tif']
/** AVIF takes long to encode: every so many pictures are enough. */
const AVIF_EVERY = 25
/** The picture that loses its end, and is large enough to keep its header. */
const CUT = 35
const STEPS = [gaussianBlur({ sigma: 1.5 }), sepia()]
const LINE = ['gaussian-blur:sigma=1.5', 'sepia']

const folder = temporaryFolder()
const at = (...names: readonly string[]): string => join(folder, ...names)
const pictures: string[] = []
/** Bytes that each good picture's result has. */
const expected = new Map<string, Buffer>()
const bad = new Map<string, string | RegExp>()

beforeAll(async () => {
  for (let i = 0; i < COUNT; i++) {
    const format = i % AVIF_EVERY === 3 ? 'avif' : (FORMATS[i % FORMATS.length] as string)
    const path = join(FOLDERS[i % FOLDERS.length] as string, `p${i}.${format}`)
    mkdirSync(at('photos', dirname(path)), { recursive: true })
    await makePicture(i, at('photos', path))
    pictures.push(path)
  }
  const spoil = (index: number, reason: string | RegExp, change: (path: string) => void): void => {
    const path = pictures[index] as string
    change(at('photos', path))
    bad.set(path, reason)
  }
  spoil(CUT, /premature end of JPEG image|it is damaged/, (path) => truncateSync(path, Math.floor(statSync(path).size * 0.9)))
  spoil(201, /is no picture that can be read/, (path) => truncateSync(path, statSync(path).size - 40))
  spoil(305, 'is empty', (path) => writeFileSync(path, ''))
  spoil(408, 'unsupported image format', (path) => writeFileSync(path, 'this is no picture'))
  spoil(499, 'unsupported image format', (path) => writeFileSync(path, Buffer.alloc(500, 0x89)))
  for (const name of ['photos/notes.txt', 'photos/summer/.DS_Store', 'photos/summer/._p1.png']) writeFileSync(at(name), 'no picture')

  const codec = await Codec.load()
  for (const path of pictures) {
    if (bad.has(path)) continue
    const { image } = await referenceBackend.run({ image: await codec.decode(at('photos', path)), steps: STEPS })
    expected.set(path, Buffer.from(await codec.encode(image, path)))
  }
}, 200_000)

/** Sizes, channels and orientation differ from picture to picture. */
async function makePicture(i: number, path: string): Promise<void> {
  const format = extname(path).slice(1)
  const channels = i % 3 === 0 && !/jpe?g/.test(format) ? 4 : 3
  const [width, height] = i === CUT ? [300, 200] : [8 + ((i * 37) % 120), 6 + ((i * 53) % 90)]
  const { data } = makeImage(width, height, channels, i === CUT ? 'noise' : 'gradient', i)
  const picture = sharp(data, { raw: { width, height, channels } })
  if (/jpe?g|tiff?/.test(format) && i % 2 === 0) picture.withMetadata({ orientation: 1 + (i % 8) })
  await (format === 'avif' ? picture.avif({ effort: 0 }) : picture).toFile(path)
}

const whole = (out: string): string[] =>
  readdirSync(at(out), { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(at(out, name)).isFile())
    .filter((name) => !name.endsWith('.isopix.jsonl'))
    .sort()

/** Every result that is there is right. */
function expectRight(out: string): void {
  for (const path of whole(out)) expect(expected.get(path)?.equals(readFileSync(at(out, path))), path).toBe(true)
}

const documents = ({ stdout }: Run): Record<string, unknown>[] => stdout.trim().split('\n').map((line) => JSON.parse(line))

test('every good one is right, and the bad ones are named', async () => {
  const { code, stdout, stderr } = await isopix(folder, ['photos', '-r', '-o', 'out', '--on-error', 'skip', ...LINE])
  expect(code).toBe(1)
  expect(whole('out')).toEqual([...expected.keys()].sort())
  expectRight('out')

  const lines = stdout.trim().split('\n')
  expect(lines.length).toBe(COUNT - bad.size + 1)
  expect(lines.at(-1)).toMatch(/^495 files in [\d.]+ s$/)
  const [left, headline, ...reasons] = stderr.trim().split('\n')
  expect(left).toBe('isopix: photos: left out 1 file that is no picture')
  expect(headline).toBe('isopix: 5 of 500 files failed:')
  for (const [path, reason] of bad) expect(reasons.find((line) => line.startsWith(`isopix: ${join('photos', path)}: `)), path).toMatch(reason)
  expect(reasons.length).toBe(bad.size)
})

test('with one picture in memory at a time, or many, from a pattern or a list, it is the same', async () => {
  const some = pictures.filter((path) => dirname(path) === 'summer' && !bad.has(path))
  const runs = {
    one: ['photos/summer/*', '--concurrency', '1', '--threads', '0'],
    many: ['photos/summer', '--concurrency', '64'],
    list: some.map((path) => join('photos', path)),
  }
  for (const [out, line] of Object.entries(runs)) {
    const run = await isopix(folder, [...line, '-o', out, '--on-error=skip', '--json', ...LINE])
    expect(whole(out)).toEqual(some.map((path) => path.slice('summer/'.length)).sort())
    for (const name of whole(out)) expect(readFileSync(at(out, name)).equals(expected.get(`summer/${name}`) as Buffer), name).toBe(true)
    const done = documents(run).filter(({ output }) => output !== undefined)
    expect(done.map(({ output }) => output)).toEqual(done.map(({ input }) => (input as string).replace('photos/summer', out)))
  }
})

test('without --on-error nothing is begun where a look at the files finds bad ones', async () => {
  const { code, stdout, stderr } = await isopix(folder, ['photos', '-r', '-o', 'none', ...LINE])
  expect(code).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/isopix: [3-5] of 500 files failed, and 49[5-7] were not done; --on-error skip goes on without them:\n/)
  expect(existsSync(at('none'))).toBe(false)
})

test('without --on-error the first that fails later stops the others', async () => {
  const cut = pictures[CUT] as string
  const good = pictures.filter((path) => !bad.has(path) && dirname(path) === dirname(cut))
  const inputs = [...good.slice(0, 10), cut, ...good.slice(10)].map((path) => join('photos', path))
  const { code, stdout, stderr } = await isopix(folder, [...inputs, '-o', 'stopped', '--concurrency', '2', ...LINE])
  expect(code).toBe(1)
  expect(stderr).toMatch(new RegExp(`^isopix: 1 of ${inputs.length} files failed, and (\\d+) were not done; --on-error skip goes on without it:\nisopix: ${join('photos', cut)}: .*\n$`))
  const done = whole('stopped')
  const named = [...stdout.matchAll(/→ (\S+)/g)].map((match) => match[1] as string)
  expect(named.map((path) => path.replace('stopped/', '')).sort(), 'what is there is what was said').toEqual(done)
  expect(done.length).toBeGreaterThanOrEqual(8)
  expect(done.length).toBeLessThan(20)
  expect(stderr).toContain(`and ${inputs.length - 1 - done.length} were not done`)
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s in the middle leaves whole files, and --resume does the others alone', async (signal) => {
  const out = `resumed-${signal}`
  const line = ['photos', '-r', '-o', out, '--on-error', 'skip', '--json']
  const first = await isopix(folder, [...line, ...LINE], { onOutput: (stdout, kill) => stdout.split('\n').length > 100 && kill(signal) })
  expect(first.code).toBe(signal === 'SIGINT' ? 130 : 143)
  const done = documents(first).filter(({ error }) => error === undefined).map(({ output }) => output as string)
  expect(done.length).toBeGreaterThan(90)
  expect(whole(out).length).toBeGreaterThanOrEqual(done.length)
  expect(whole(out).length).toBeLessThan(COUNT - bad.size)
  expectRight(out)

  const fileOf = (path: string): string => `${statSync(at(path)).ino} ${statSync(at(path)).mtimeMs}`
  const before = new Map(done.map((path) => [path, fileOf(path)]))
  const second = await isopix(folder, [...line, '--resume', ...LINE])
  expect(second.code).toBe(1)
  expect(whole(out)).toEqual([...expected.keys()].sort())
  expectRight(out)
  for (const [path, file] of before) expect(fileOf(path), path).toBe(file)
  const unchanged = documents(second).filter((entry) => entry['unchanged']).map(({ output }) => output)
  expect(unchanged).toEqual(expect.arrayContaining(done))
  const filtered = documents(second).filter((entry) => entry['run'])
  expect(filtered.length).toBe(COUNT - bad.size - unchanged.length)

  const third = await isopix(folder, ['photos', '-r', '-o', out, '--on-error', 'skip', '--resume', ...LINE])
  expect(third.code).toBe(1)
  expect(third.stdout).toBe('495 files done before and unchanged\n')
})

test('--resume does again what changed, and all where the steps did', async () => {
  const path = join('photos/winter/a/b', readdirSync(at('photos/winter/a/b')).find((name) => name.endsWith('.png')) as string)
  const line = ['photos/winter', '-r', '-o', 'again', '--on-error', 'skip', '--resume']
  const good = pictures.filter((name) => name.startsWith('winter') && !bad.has(name)).length
  expect((await isopix(folder, [...line, ...LINE])).stdout).toMatch(new RegExp(`^${good} files in `, 'm'))
  utimesSync(at(path), 1, 1)
  const touched = await isopix(folder, [...line, ...LINE])
  expect(touched.stdout).toContain(`${path} → `)
  expect(touched.stdout).toMatch(new RegExp(`^1 file in .*; ${good - 1} files done before and unchanged$`, 'm'))
  expect((await isopix(folder, [...line, ...LINE, 'invert'])).stdout).toMatch(new RegExp(`^${good} files in [^;]*$`, 'm'))
})

test('an interrupted run says how far it came', async () => {
  const { code, stderr } = await isopix(folder, ['photos', '-r', '-o', 'told', '--on-error', 'skip', ...LINE], {
    onOutput: (stdout, kill) => stdout.split('\n').length > 20 && kill('SIGINT'),
  })
  expect(code).toBe(130)
  expect(stderr).toMatch(/^isopix: stopped; \d+ of 500 files are done, and --resume does the others$/m)
  expect(stderr).toMatch(/^isopix: \d of 500 files failed:$/m)
})
