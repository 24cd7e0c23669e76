// A refusal as the person reads it.
import { t } from '../base/lang'

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly place?: string,
  ) {
    super(message)
    this.name = 'ApiError'
  }
  /** Someone else changed the record since it was read. */
  get isConflict(): boolean {
    return this.status === 409
  }
}

/** The server's sentence, or ours if what came back is not the server's. */
export function readError(status: number, body: unknown): ApiError {
  const e = (body as { error?: { name?: unknown; message?: unknown; place?: unknown } } | null)?.error
  if (typeof e?.message === 'string') {
    const place = typeof e.place === 'string' ? e.place : undefined
    return new ApiError(status, String(e.name ?? ''), e.message, place)
  }
  return new ApiError(status, 'UNREADABLE', t('服务器的答复无法识别（{status}）；请稍后再试，仍不行请告知系统管理员', { status }))
}

/** Whatever was thrown, as a refusal that can be shown. */
export function asError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown
  if (thrown instanceof TypeError)
    return new ApiError(0, 'OFFLINE', t('连不上服务器；您写的内容还在本页，请检查网络后再试'))
  throw thrown
}
