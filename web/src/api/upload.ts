// Sends one file as the body of a request and tells how far it has got.
import { headers } from './client'
import { ApiError, readError } from './error'
import { t } from '../base/lang'

/** POSTs the file's bytes to `path`; its name travels in a header. Gives the server's JSON reply. */
export function upload(path: string, file: File, onShare: (share: number) => void): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const x = new XMLHttpRequest()
    x.open('POST', path)
    x.setRequestHeader('X-File-Name', encodeURIComponent(file.name))
    for (const [name, value] of Object.entries(headers(true))) x.setRequestHeader(name, value)
    x.setRequestHeader('Content-Type', file.type || 'application/octet-stream')
    x.upload.onprogress = (e) => e.lengthComputable && onShare(e.loaded / e.total)
    x.onerror = () =>
      reject(new ApiError(0, 'OFFLINE', t('连不上服务器；文件没有传上去，请检查网络后再选一次')))
    x.onload = () => {
      const body = parse(x.responseText)
      if (x.status >= 200 && x.status < 300) resolve(body)
      else reject(readError(x.status, body))
    }
    x.send(file)
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
