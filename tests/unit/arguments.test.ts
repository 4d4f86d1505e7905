// What a command line means. What is wrong with one is tested on the command itself.
import { expect, test } from 'vitest'
import { parseCommand } from '../../src/cli/arguments.js'
import { stepText } from '../../src/cli/text.js'

const files = new Set(['photo.jpg', 'photo', 'invert', 'x:y', 'sepia.png'])
const folders = new Set(['photos', 'luminance'])
const kindOf = (path: string) => (files.has(path) ? 'file' : folders.has(path) ? 'folder' : undefined)
const parse = (line: string) => parseCommand(line.split(' ').filter(Boolean), kindOf)

/** The command with its steps as text. */
function short(line: string): object {
  const command = parse(line)
  return command.kind === 'files' ? { ...command, steps: command.steps.map(stepText) } : command
}

test.each([
  ['photo.jpg -o out.png sepia', ['photo.jpg'], ['sepia']],
  ['photo.jpg sepia -o out.png sobel', ['photo.jpg'], ['sepia', 'sobel']],
  ['-o out.png photo.jpg sepia', ['photo.jpg'], ['sepia']],
  ['sepia -o out.png photo.jpg', ['photo.jpg'], ['sepia']],
  ['--output=out.png sepia photo.jpg', ['photo.jpg'], ['sepia']],
  ['photo -o out.png sepia', ['photo'], ['sepia']],
  ['missing.jpg -o out.png sepia', ['missing.jpg'], ['sepia']],
  ['folder/missing -o out.png sepia', ['folder/missing'], ['sepia']],
  ['C:\\photos\\missing -o out.png sepia', ['C:\\photos\\missing'], ['sepia']],
  ['x:y -o out.png sepia', ['x:y'], ['sepia']],
  ['sepia.png -o out.png sepia', ['sepia.png'], ['sepia']],
  ['./invert -o out.png invert', ['./invert'], ['invert']],
  ['photo.jpg -o out.png sepia -- sobel -x', ['photo.jpg', 'sobel', '-x'], ['sepia']],
  ['photos -o out.png luminance', ['photos'], ['luminance']],
  ['-o out.png sepia photos', ['photos'], ['sepia']],
  ['*.jpg photos/**/* **  -o out.png sepia', ['*.jpg', 'photos/**/*', '**'], ['sepia']],
  ['{a,b} [ab] IMG_?  -o out.png sepia', ['{a,b}', '[ab]', 'IMG_?'], ['sepia']],
  ['photo.jpg -o out.png gaussian-blur:sigma=2,border=wrap', ['photo.jpg'], ['gaussian-blur:sigma=2,border=wrap']],
  ['photo.jpg -o out.png linear:offset=-20', ['photo.jpg'], ['linear:offset=-20']],
])('%s', (line, inputs, steps) => {
  const rest = { recursive: false, onError: 'stop', resume: false, concurrency: undefined, backend: 'auto', threads: undefined }
  expect(short(line)).toEqual({ kind: 'files', inputs, steps, output: 'out.png', stepsFile: undefined, explain: false, ...rest })
})

test('options', () => {
  expect(short('photo.jpg -o out.png --backend wasm --threads 0 --steps chain.json --explain')).toMatchObject({
    backend: 'wasm',
    threads: 0,
    stepsFile: 'chain.json',
    explain: true,
    steps: [],
  })
  expect(short('photo.jpg --explain sepia')).toMatchObject({ output: undefined })
  expect(short('photos -o out -r --resume --on-error skip --concurrency 3 sepia')).toMatchObject({
    inputs: ['photos'],
    recursive: true,
    resume: true,
    onError: 'skip',
    concurrency: 3,
  })
})

test('commands', () => {
  expect(parse('')).toEqual({ kind: 'sample', backend: 'auto', threads: undefined })
  expect(parse('--json --backend webgpu')).toEqual({ kind: 'sample', backend: 'webgpu', threads: undefined })
  expect(parse('filters')).toEqual({ kind: 'filters', name: undefined })
  expect(parse('filters sepia --json')).toEqual({ kind: 'filters', name: 'sepia' })
  expect(parse('photo.jpg --help')).toEqual({ kind: 'help' })
  expect(parse('-v')).toEqual({ kind: 'version' })
})
