import { readFileSync } from 'node:fs'

export const help = `isopix filters pictures on WebAssembly threads or on the GPU, with the same bytes from both.

  isopix INPUT… -o OUTPUT STEP…   filter files
  isopix filters [NAME]           list the filters, or explain one
  isopix serve                    filter over HTTP; "isopix serve --help" says how
  isopix                          filter a sample picture into ./isopix-sample

A step is a filter's name, or name:key=value,key=value; items of a list are separated by "/":

  isopix photo.jpg -o edges.png luminance gaussian-blur:sigma=2 sobel threshold:value=40
  isopix photos -r -o small resize:width=800,height=600
  isopix 'photos/**/*.jpg' -o blurred gaussian-blur:sigma=5

An argument that begins with a filter's name, alone or before a colon, is a step; any other is an input: a file, a
folder of pictures, or a pattern in quotes. Write ./NAME for a file that is called like a filter; what stands behind
"--" is always an input. Several inputs need a folder as output, which is made if it is missing; results keep their
names, formats and places in folders. The format follows from the output's extension. No input is ever overwritten.

  -o, --output PATH     the file to write, or a folder
  -r, --recursive       take what is in folders of folders too
      --resume          leave what was done before and is unchanged: same input, same steps, and the result is there
      --on-error WHAT   stop (default) at the first file that fails, or skip it
      --concurrency N   pictures in memory at once, 1 to 1024; default: the cores and two more, at most 8
      --steps FILE      steps from a JSON file, which run first: [{ "filter": "gaussian-blur", "sigma": 2 }, "invert"]
      --backend NAME    auto (default), wasm, webgpu or reference
      --threads N       threads for wasm, 0 to 32; default: one for each core
      --explain         say what would run, where and why, and do nothing
      --json            print JSON, one document a line for each file; errors have a stable "code"
  -h, --help            this text
  -v, --version         the version

Exit codes: 0 all is done; 1 a file or a run failed; 2 the command is wrong, nothing was done; 130 and 143 interrupted.
Pictures are read and written by the package "sharp": upright, in sRGB, 8 bits a channel, without metadata. A folder of
results has a list of them for --resume, ".isopix.jsonl".`

export function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}
