// The camera's frames, one after the other, as fast as they are taken.

export interface Camera {
  stop(): void
}

const WANTED = { video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } } }

const WHY: Readonly<Record<string, string>> = {
  NotAllowedError: 'it is not allowed for this page',
  NotFoundError: 'there is none',
  NotReadableError: 'another program uses it',
}

/**
 * Turns the camera on.
 * @param onFrame Gets a frame and owns it; the next one comes when it is done.
 * @param onError Told when frames end by themselves.
 * @throws Error with a message for people.
 */
export async function startCamera(onFrame: (frame: ImageBitmap) => Promise<void>, onError: (error: unknown) => void): Promise<Camera> {
  const devices = navigator.mediaDevices as MediaDevices | undefined
  if (devices === undefined) throw new Error('it needs a page from https or from localhost')
  const stream = await devices.getUserMedia(WANTED).catch((error: Error) => {
    throw new Error(WHY[error.name] ?? error.message, { cause: error })
  })
  const video = document.createElement('video')
  video.muted = true
  video.playsInline = true
  video.srcObject = stream
  await video.play()
  let live = true
  const take = async (): Promise<void> => {
    while (live) {
      await new Promise(requestAnimationFrame)
      const frame = await createImageBitmap(video)
      if (live) await onFrame(frame)
    }
  }
  take().catch(onError)
  return {
    stop() {
      live = false
      for (const track of stream.getTracks()) track.stop()
    },
  }
}
