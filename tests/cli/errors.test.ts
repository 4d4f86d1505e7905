// Every mistake on the command line gets one line that says what is wrong, the right exit code, and leaves nothing behind.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { isopix } from '../helpers/command.js'
import { temporaryFolder } from '../helpers/folder.js'
import { makeImage } from '../helpers/images.js'
import { writePicture } from '../helpers/pictures.js'

const folder = temporaryFolder()
let before: readonly string[]
const contents = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()

beforeAll(async () => {
  await writePicture(makeImage(20, 10, 3), join(folder, 'a.png'))
  await writePicture(makeImage(30, 10, 3), join(folder, 'b.png'))
  writeFileSync(join(folder, 'sobel'), 'a file that is called like a filter')
  writeFileSync(join(folder, 'half.json'), '[{')
  writeFileSync(join(folder, 'misspelt.json'), '["invert", { "filter": "gaussian-blurr" }]')
  writeFileSync(join(folder, 'range.json'), '["invert", { "filter": "gaussian-blur", "sigma": 0 }]')
  writeFileSync(join(folder, 'object.json'), '{ "filter": "invert" }')
  for (const name of ['one', 'two', 'empty', 'blocked/.isopix.jsonl']) mkdirSync(join(folder, name), { recursive: true })
  for (const name of ['one', 'two']) await writePicture(makeImage(20, 10, 3), join(folder, name, 'c.png'))
  writeFileSync(join(folder, 'c.svg'), '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>')
  before = contents()
})

const ARGUMENT = 'ERR_INVALID_ARGUMENT'
const to = (...steps: readonly string[]): string[] => ['a.png', '-o', 'out.png', ...steps]

const mistakes: readonly (readonly [name: string, line: readonly string[], exit: 1 | 2, code: string, message: string])[] = [
  ['an unknown filter', to('gausian-blur:sigma=2'), 2, ARGUMENT, 'unknown filter "gausian-blur" (did you mean "gaussian-blur"?); "isopix filters" lists them all'],
  ['an unknown filter before the output', ['a.png', 'invrt', '-o', 'out.png'], 2, ARGUMENT, 'unknown filter "invrt" (did you mean "invert"?)'],
  ['a part of a filter\'s name', to('equalise'), 2, ARGUMENT, 'unknown filter "equalise" (did you mean "equalize"?)'],
  ['a filter in camel case', to('gaussianBlur:sigma=2'), 2, ARGUMENT, '(did you mean "gaussian-blur"?)'],
  ['a filter like no other', to('zzzzzz'), 2, ARGUMENT, 'unknown filter "zzzzzz"; "isopix filters" lists them all'],
  ['an unknown parameter', to('gaussian-blur:sgima=2'), 2, ARGUMENT, 'gaussian-blur: unknown parameter "sgima" (did you mean "sigma"?); it has sigma, border, fill'],
  ['a parameter of another world', to('invert:__proto__=1'), 2, ARGUMENT, 'invert: unknown parameter "__proto__"; it has none'],
  ['NaN', to('gaussian-blur:sigma=NaN'), 2, ARGUMENT, 'gaussian-blur: expected sigma to be a number from 0.1 to 100, got "NaN" (string)'],
  ['infinity', to('gaussian-blur:sigma=Infinity'), 2, ARGUMENT, 'got Infinity'],
  ['no number', to('gaussian-blur:sigma='), 2, ARGUMENT, 'got "" (string)'],
  ['out of range', to('gaussian-blur:sigma=500'), 2, ARGUMENT, 'expected sigma to be a number from 0.1 to 100, got 500'],
  ['none of the choices', to('gaussian-blur:border=mirror'), 2, ARGUMENT, 'expected border to be one of replicate, reflect'],
  ['a parameter without its value', to('gaussian-blur:sigma'), 2, ARGUMENT, 'gaussian-blur: expected key=value, got "sigma"'],
  ['a parameter twice', to('gaussian-blur:sigma=1,sigma=2'), 2, ARGUMENT, 'sigma is given twice'],
  ['a missing parameter', to('crop:left=0,top=0,width=3'), 2, ARGUMENT, 'crop: expected height to be'],
  ['a step that cannot follow another', to('luminance', 'sepia'), 2, 'ERR_STEP', 'step 2, sepia: expected an image with colour'],
  ['a step that fits none of the files', ['a.png', 'b.png', '-o', 'out/', 'crop:left=0,top=0,width=31,height=1'], 2, 'ERR_STEP', 'a.png: step 1, crop: expected the rectangle to lie within the image of 20 x 10'],
  ['no output', ['a.png', 'invert'], 2, ARGUMENT, 'no output is given; add "-o FILE"'],
  ['no step', to(), 2, ARGUMENT, 'no step is given'],
  ['no input', ['-o', 'out.png', 'invert'], 2, ARGUMENT, 'no input file is given'],
  ['an input that is neither file nor filter', ['photo', '-o', 'out.png', 'invert'], 2, ARGUMENT, '"photo" is neither a file or folder here nor a filter'],
  ['a filter that is also a file', ['a.png', 'sobel', '-o', 'out.png'], 2, ARGUMENT, '"sobel" is a filter and also a file here; write "./sobel" for the file'],
  ['an unknown extension', ['a.png', '-o', 'out.xyz', 'invert'], 2, ARGUMENT, 'the output "out.xyz" has the extension ".xyz"; expected one of .avif, .gif, .jpe, .jpeg, .jpg, .png'],
  ['no extension', ['a.png', '-o', 'out', 'invert'], 2, ARGUMENT, 'the output "out" has no extension'],
  ['several inputs into one file', ['a.png', 'b.png', '-o', 'out.png', 'invert'], 2, ARGUMENT, '2 inputs need a folder as output, and "out.png" is a file'],
  ['several inputs with one name', ['a.png', './a.png', '-o', 'out/', 'invert'], 2, ARGUMENT, '"a.png" and "./a.png" would both become "out/a.png"'],
  ['an output that is its input', ['a.png', '-o', 'a.png', 'invert'], 2, ARGUMENT, 'the output "a.png" is the input "a.png", which would be lost'],
  ['an output that is another input', ['a.png', 'b.png', '-o', '.', 'invert'], 2, ARGUMENT, 'is the input "a.png", which would be lost'],
  ['an unknown option', [...to('invert'), '--bakend', 'wasm'], 2, ARGUMENT, 'unknown option --bakend (did you mean --backend?)'],
  ['an option without its value', ['a.png', 'invert', '-o'], 2, ARGUMENT, '-o needs a value'],
  ['an option instead of a value', ['a.png', 'invert', '-o', '--threads', '2'], 2, ARGUMENT, '-o needs a value, got the option --threads'],
  ['an option twice', [...to('invert'), '-o', 'b.png'], 2, ARGUMENT, '-o is given twice'],
  ['a switch with a value', [...to('invert'), '--explain=yes'], 2, ARGUMENT, '--explain takes no value, got "yes"'],
  ['an unknown backend', [...to('invert'), '--backend', 'cuda'], 2, ARGUMENT, '--backend: expected one of auto, wasm, webgpu, reference, got "cuda"'],
  ['half a thread', [...to('invert'), '--threads', '0.5'], 2, ARGUMENT, '--threads: expected a whole number from 0 to 32, got "0.5"'],
  ['less than no thread', [...to('invert'), '--threads', '-1'], 2, ARGUMENT, '--threads: expected a whole number from 0 to 32, got "-1"'],
  ['steps that are no JSON', to('--steps', 'half.json'), 2, ARGUMENT, 'half.json: the steps are not JSON'],
  ['steps that are no list', to('--steps', 'object.json'), 2, ARGUMENT, 'object.json: parseSteps: expected steps to be a list'],
  ['an unknown filter in a file', to('--steps', 'misspelt.json'), 2, ARGUMENT, 'misspelt.json: step 2: unknown filter "gaussian-blurr" (did you mean "gaussian-blur"?)'],
  ['a parameter out of range in a file', to('--steps', 'range.json'), 2, ARGUMENT, 'range.json: step 2, gaussian-blur: expected sigma to be a number from 0.1 to 100, got 0'],
  ['a file of steps that is not there', to('--steps', 'none.json'), 1, 'ERR_FILE', 'none.json: there is no such file'],
  ['an input that is not there', ['none.png', '-o', 'out.png', 'invert'], 1, 'ERR_FILE', 'none.png: there is no such file'],
  ['a folder into a file', ['./', '-o', 'out.png', 'invert'], 2, ARGUMENT, '"./" needs a folder as output, and "out.png" is a file'],
  ['a pattern into a file', ['?.png', '-o', 'a.png', 'invert'], 2, ARGUMENT, '"?.png" needs a folder as output, and "a.png" is a file'],
  ['a folder without pictures', ['empty', '-o', 'out/', 'invert'], 1, 'ERR_FILE', 'empty: there is no picture in this folder'],
  ['a pattern that matches nothing', ['*.tiff', '-o', 'out/', 'invert'], 1, 'ERR_FILE', '*.tiff: no picture has such a name'],
  ['folders with the same names', ['one', 'two', '-o', 'out', 'invert'], 2, ARGUMENT, '"one/c.png" and "two/c.png" would both become "out/c.png"'],
  ['a pattern into its own folder', ['o*/c.png', '-o', '.', 'invert'], 2, ARGUMENT, 'the output "one/c.png" is the input "one/c.png", which would be lost'],
  ['names that differ by a format that cannot be written', ['c.svg', 'c.png', '-o', 'out/', 'invert'], 2, ARGUMENT, '"c.svg" and "c.png" would both become "out/c.png"'],
  ['a folder into itself', ['one', '-o', 'one', 'invert'], 2, ARGUMENT, 'the output "one/c.png" is the input "one/c.png", which would be lost'],
  ['a pattern that leads out of the output', ['one/*/../../*.png', '-o', 'out', 'invert'], 2, ARGUMENT, '"../a.png" leads out of the output folder "out"'],
  ['a journal that is a folder', ['a.png', 'b.png', '-o', 'blocked', 'invert'], 1, 'ERR_FILE', 'blocked/.isopix.jsonl: what was done cannot be noted here'],
  ['to resume one file', ['a.png', '-o', 'out.png', '--resume', 'invert'], 2, ARGUMENT, '--resume needs a folder as output'],
  ['an unknown way to go on', [...to('invert'), '--on-error', 'ignore'], 2, ARGUMENT, '--on-error: expected one of stop, skip, got "ignore"'],
  ['no concurrency', [...to('invert'), '--concurrency', '0'], 2, ARGUMENT, '--concurrency: expected a whole number from 1 to 1024, got "0"'],
  ['an output folder that is not there', ['a.png', '-o', 'none/out.png', 'invert'], 1, 'ERR_FILE', 'none/out.png: its folder does not exist'],
  ['an output folder that is a file', ['a.png', '-o', 'b.png/out.png', 'invert'], 1, 'ERR_FILE', 'b.png/out.png: its folder is a file'],
  ['an output folder that cannot be made', ['a.png', 'b.png', '-o', 'half.json/out', 'invert'], 1, 'ERR_FILE', 'half.json/out: the output folder is a file'],
  ['an unknown filter to explain', ['filters', 'gausian'], 2, ARGUMENT, 'unknown filter "gausian" (did you mean "gaussian-blur"?)'],
  ['too many filters to explain', ['filters', 'invert', 'sepia'], 2, ARGUMENT, 'filters: expected the name of one filter, got 2'],
]

test.concurrent.each(mistakes)('%s', async (_, line, exit, code, message) => {
  const plain = await isopix(folder, line)
  expect(plain.stderr).toContain(message)
  expect(plain.stderr, 'one line, with the name of the program').toMatch(/^isopix: [^\n]+\n$/)
  expect(plain.code).toBe(exit)
  expect(plain.stdout).toBe('')

  const json = await isopix(folder, [...line, '--json'])
  expect(json.code).toBe(exit)
  expect(json.stderr).toBe('')
  expect(JSON.parse(json.stdout)).toMatchObject({ error: { code, message: expect.stringContaining(message) } })
})

test('nothing is left behind', () => {
  expect(contents()).toEqual(before)
})
