// Which pictures the inputs of a command line stand for.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findInputs } from '../../src/cli/inputs.js'
import { root } from '../../scripts/setup.mjs'
import { temporaryFolder } from '../helpers/folder.js'

const folder = temporaryFolder()
const home = process.cwd()
const TREE = [
  'photos/b.jpg',
  'photos/a.png',
  'photos/notes.txt',
  'photos/.hidden.jpg',
  'photos/._a.png',
  'photos/2024/c.JPG',
  'photos/2024/may/d.webp',
  'photos/2024/may/list.csv',
  'photos/.cache/e.png',
  'photos/odd [1]/f{2}.png',
  'texts/only.txt',
  'elsewhere/g.png',
  'literal[1].png',
]

beforeAll(() => {
  for (const path of TREE) {
    mkdirSync(join(folder, dirname(path)), { recursive: true })
    writeFileSync(join(folder, path), '')
  }
  mkdirSync(join(folder, 'empty'))
})
beforeEach(() => process.chdir(folder))
afterAll(() => process.chdir(home))

interface Options {
  readonly recursive?: boolean
  readonly output?: string
}

async function find(words: readonly string[], { recursive = false, output }: Options = {}) {
  const isPicture = (path: string): boolean => /\.(jpe?g|png|webp)$/i.test(path)
  const { files, failures, notes, search } = await findInputs(words, { recursive, output, isPicture })
  return {
    files: files.map(({ path, place }) => (path === place ? path : `${path} as ${place}`)),
    failures: failures.map(({ error }) => (error as Error).message),
    notes,
    search,
  }
}

describe('folders', () => {
  test('give the pictures in them', async () => {
    expect(await find(['photos'])).toEqual({
      files: ['photos/a.png as a.png', 'photos/b.jpg as b.jpg'],
      failures: [],
      notes: ['photos: left out 1 file that is no picture, 2 folders (--recursive takes them too)'],
      search: 'photos',
    })
    expect(await find(['./photos/'])).toMatchObject({ files: ['photos/a.png as a.png', 'photos/b.jpg as b.jpg'] })
  })

  test('give what is in folders of folders, in their places', async () => {
    expect(await find(['photos'], { recursive: true })).toMatchObject({
      files: [
        'photos/2024/c.JPG as 2024/c.JPG',
        'photos/2024/may/d.webp as 2024/may/d.webp',
        'photos/a.png as a.png',
        'photos/b.jpg as b.jpg',
        'photos/odd [1]/f{2}.png as odd [1]/f{2}.png',
      ],
      notes: ['photos: left out 2 files that are no picture'],
    })
    expect((await find(['photos/odd [1]'], { recursive: true })).files).toEqual(['photos/odd [1]/f{2}.png as f{2}.png'])
  })

  test('may be the current one, or given by an absolute path', async () => {
    process.chdir('photos/2024/may')
    expect((await find(['.'])).files).toEqual(['d.webp'])
    expect((await find([join(folder, 'elsewhere')])).files).toEqual([`${join(folder, 'elsewhere/g.png')} as g.png`])
    expect((await find(['..'], { recursive: true })).files).toEqual(['../c.JPG as c.JPG', '../may/d.webp as may/d.webp'])
  })

  test('without pictures fail', async () => {
    expect(await find(['empty', 'texts', 'photos/2024/may'])).toMatchObject({
      files: ['photos/2024/may/d.webp as d.webp'],
      failures: ['empty: there is no picture in this folder', 'texts: there is no picture in this folder; left out 1 file that is no picture'],
    })
  })

  test('are not searched where the results go', async () => {
    const given = ['photos/a.png as a.png', 'photos/b.jpg as b.jpg', 'photos/odd [1]/f{2}.png as odd [1]/f{2}.png']
    for (const output of ['photos/2024', './photos/2024/', join(folder, 'photos/2024')]) {
      expect((await find(['photos'], { recursive: true, output })).files).toEqual(given)
    }
    for (const output of ['photos/20', 'photos', '.', 'photos/2024x', 'elsewhere']) {
      expect((await find(['photos'], { recursive: true, output })).files.length, output).toBe(5)
    }
  })
})

describe('patterns', () => {
  test.each([
    ['photos/*.jpg', ['photos/b.jpg as b.jpg']],
    ['photos/**/*.{webp,png}', ['photos/2024/may/d.webp as 2024/may/d.webp', 'photos/a.png as a.png', 'photos/odd [1]/f{2}.png as odd [1]/f{2}.png']],
    ['photos/*/c.*', ['photos/2024/c.JPG as 2024/c.JPG']],
    ['photos/**', ['photos/2024/c.JPG as 2024/c.JPG', 'photos/2024/may/d.webp as 2024/may/d.webp', 'photos/a.png as a.png', 'photos/b.jpg as b.jpg', 'photos/odd [1]/f{2}.png as odd [1]/f{2}.png']],
    ['photos/odd \\[1\\]/*', ['photos/odd [1]/f{2}.png as odd [1]/f{2}.png']],
    ['{photos,elsewhere}/?.png', ['elsewhere/g.png', 'photos/a.png']],
    ['[pe]*/[a-g].png', ['elsewhere/g.png', 'photos/a.png']],
    ['./photos/../elsewhere/*', ['elsewhere/g.png as g.png']],
  ])('%s', async (pattern, files) => {
    expect(await find([pattern])).toMatchObject({ files, failures: [], search: pattern })
  })

  test('may be absolute', async () => {
    expect((await find([`${folder}/else*/*`])).files).toEqual([`${folder}/elsewhere/g.png as elsewhere/g.png`])
  })

  test('do not match what is hidden, unless they say so', async () => {
    expect((await find(['photos/.*.jpg'])).files).toEqual(['photos/.hidden.jpg as .hidden.jpg'])
  })

  test('that match nothing fail, and so does a folder that is not there', async () => {
    const { failures } = await find(['photos/*.bmp', 'photos/*.txt', 'nowhere/*.jpg', 'photos/b.jpg/*'])
    expect(failures).toEqual([
      'photos/*.bmp: no picture has such a name',
      'photos/*.txt: no picture has such a name; left out 1 file that is no picture',
      expect.stringMatching(/^nowhere: this folder cannot be read: ENOENT/),
      expect.stringMatching(/^photos\/b\.jpg: this folder cannot be read: ENOTDIR/),
    ])
  })

  test('are names where there is such a file', async () => {
    expect(await find(['literal[1].png', 'photos/odd [1]/f{2}.png'])).toEqual({
      files: ['literal[1].png', 'photos/odd [1]/f{2}.png as f{2}.png'],
      failures: [],
      notes: [],
      search: undefined,
    })
  })
})

test('files are taken whatever their names, there or not', async () => {
  const words = ['photos/notes.txt', 'missing.jpg', 'photos/.hidden.jpg']
  expect((await find(words)).files).toEqual(['photos/notes.txt as notes.txt', 'missing.jpg', 'photos/.hidden.jpg as .hidden.jpg'])
})

describe('links', () => {
  const linked = (...names: readonly string[]): string => join(folder, 'linked', ...names)
  beforeAll(() => {
    mkdirSync(linked('real'), { recursive: true })
    writeFileSync(linked('real/x.png'), '')
    symlinkSync(linked('real/x.png'), linked('file.png'))
    symlinkSync(linked('missing.png'), linked('broken.png'))
    symlinkSync(linked('self.png'), linked('self.png'))
    symlinkSync(linked(), linked('real/up'))
    symlinkSync(linked('real'), linked('sideways'))
  })

  test('to files are files, to folders are not followed, to nothing fail later by name', async () => {
    expect(await find(['linked'], { recursive: true })).toMatchObject({
      files: ['linked/broken.png as broken.png', 'linked/file.png as file.png', 'linked/real/x.png as real/x.png', 'linked/self.png as self.png'],
      notes: ['linked: left out 2 links to folders'],
    })
    expect((await find(['linked/**/*.png'])).files.length).toBe(4)
  })

  test('to folders are followed where they are given', async () => {
    expect((await find(['linked/sideways'])).files).toEqual(['linked/sideways/x.png as x.png'])
  })
})

test.runIf(process.platform === 'linux')('a folder that cannot be read fails by name, and the others are searched', async () => {
  mkdirSync(join(folder, 'closed/inner'), { recursive: true })
  writeFileSync(join(folder, 'closed/inner/x.png'), '')
  writeFileSync(join(folder, 'closed/y.png'), '')
  chmodSync(join(folder, 'closed/inner'), 0)
  const isRoot = process.getuid?.() === 0
  chmodSync(folder, 0o755)
  // Nothing is closed to root, which therefore asks as nobody.
  const program = `
    import { findInputs } from ${JSON.stringify(join(root, 'dist/cli/inputs.js'))}
    const { files, failures } = await findInputs(['closed'], { recursive: true, output: undefined, isPicture: (path) => path.endsWith('.png') })
    console.log(JSON.stringify([files.map(({ place }) => place), failures.map(({ error }) => error.message)]))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: folder,
    encoding: 'utf8',
    ...(isRoot ? { uid: 65534, gid: 65534 } : {}),
  })
  chmodSync(join(folder, 'closed/inner'), 0o755)
  expect(JSON.parse(stdout || stderr)).toEqual([['y.png'], [expect.stringMatching(/^closed\/inner: this folder cannot be read: EACCES/)]])
})
