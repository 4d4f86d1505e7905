// npm start -- [arguments]: installs and builds what is missing, then is the command line.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, install, root } from './setup.mjs'

install()
build()
// npm runs scripts in the package's folder; paths are meant from where npm was called.
process.chdir(process.env.INIT_CWD ?? process.cwd())
await import(pathToFileURL(join(root, 'dist/cli/main.js')))
