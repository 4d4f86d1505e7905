// Where pictures come from, and where results go.
import type { App } from '../app.js'
import type { State } from '../state.js'
import type { FileType } from '../studio/protocol.js'
import { byId, el, setAttribute, setText } from './dom.js'

const EXTENSIONS: Readonly<Record<string, string>> = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/webp': 'webp' }

export function toolbarView(app: App, announce: (text: string) => void): (state: State) => void {
  const file = byId<HTMLInputElement>('file')
  const camera = byId<HTMLButtonElement>('camera')
  const save = byId<HTMLButtonElement>('save')
  const format = byId<HTMLSelectElement>('format')
  const openFirst = (files: FileList | undefined): boolean => {
    const picture = [...(files ?? [])].find(({ type }) => type.startsWith('image/'))
    if (picture !== undefined) void app.open(picture, picture.name)
    else if (files !== undefined && files.length > 0) app.notice(`${files[0]?.name} is no picture.`)
    return picture !== undefined
  }

  byId('choose').addEventListener('click', () => file.click())
  file.addEventListener('change', () => {
    openFirst(file.files ?? undefined)
    // The same file may be chosen again.
    file.value = ''
  })
  byId('sample').addEventListener('click', () => void app.open('sample', 'Sample'))
  camera.addEventListener('click', () => void app.toggleCamera())
  save.addEventListener('click', () => void saveAs(format.value as FileType))
  addEventListener('paste', (event) => {
    if ((event.clipboardData?.files.length ?? 0) > 0 && openFirst(event.clipboardData?.files)) event.preventDefault()
  })
  dropAnywhere(openFirst)

  async function saveAs(type: FileType): Promise<void> {
    const blob = await app.encode(type)
    if (blob === undefined) return
    const url = URL.createObjectURL(blob)
    const name = `isopix.${EXTENSIONS[blob.type] ?? 'png'}`
    el('a', { href: url, download: name }).click()
    // The download has begun by then.
    setTimeout(() => URL.revokeObjectURL(url), 60_000)
    announce(`Saved as ${name}`)
  }

  return ({ camera: is, result }) => {
    setText(byId('camera-text'), is === 'live' ? 'Freeze' : is === 'starting' ? 'Starting…' : 'Camera')
    setAttribute(camera, 'aria-pressed', String(is !== 'off'))
    save.disabled = result === undefined
  }
}

/** A file may be dropped anywhere on the page, which shows that while one is above it. */
function dropAnywhere(open: (files: FileList | undefined) => boolean): void {
  const sheet = byId('drop')
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false
  let depth = 0
  addEventListener('dragenter', (event) => {
    if (hasFiles(event)) sheet.hidden = ++depth === 0
  })
  addEventListener('dragleave', (event) => {
    if (hasFiles(event)) sheet.hidden = --depth <= 0
  })
  addEventListener('dragover', (event) => {
    if (hasFiles(event)) event.preventDefault()
  })
  addEventListener('drop', (event) => {
    depth = 0
    sheet.hidden = true
    if (!hasFiles(event)) return
    event.preventDefault()
    open(event.dataTransfer?.files)
  })
}
