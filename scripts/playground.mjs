// npm run playground: installs and builds what is missing, then serves the page. With "build" it makes a static site in
// playground/dist instead.
import { join } from 'node:path'
import { build, install, root } from './setup.mjs'

install()
build()
const { build: bundle, createServer } = await import('vite')
const configFile = join(root, 'playground/vite.config.ts')
if (process.argv[2] === 'build') {
  await bundle({ configFile })
} else {
  const server = await createServer({ configFile })
  await server.listen()
  server.printUrls()
}
