/** 20971520 → "20 MB": a size as people say it. */
export function showBytes(n: number): string {
  if (n < 1024) return `${n} B`
  if (n < 1024 * 1024) return `${Math.ceil(n / 1024)} KB`
  return `${Math.ceil(n / (1024 * 1024))} MB`
}
