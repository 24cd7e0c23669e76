// Decimals are text like "-87.50". They are shown and compared digit by digit, never as floats.
const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/

/** Full-width digits and signs, spaces and thousands commas as people type them → plain decimal. */
export function readDecimal(typed: string): string | undefined {
  const plain = typed
    .normalize('NFKC')
    .replace(/[\s,]/g, '')
    .replace(/[−–]/g, '-')
    .replace(/^(-?)\./, '$10.')
  return DECIMAL.test(plain) ? plain.replace(/^\+/, '') : undefined
}

/** "-12345.60" → "−12,345.60"; the digits themselves are never changed. */
export function showDecimal(text: string | number | null | undefined): string {
  const m = DECIMAL.exec(String(text ?? ''))
  if (!m) return String(text ?? '')
  const whole = m[2]!.length > 4 ? m[2]!.replace(/\B(?=(\d{3})+$)/g, ',') : m[2]!
  return (m[1] === '-' ? '−' : '') + whole + (m[3] ? '.' + m[3] : '')
}

/** −1, 0 or 1; text that is no decimal sorts before all decimals. */
export function compareDecimal(a: string, b: string): number {
  const [x, y] = [DECIMAL.exec(a), DECIMAL.exec(b)]
  if (!x || !y) return Number(!!x) - Number(!!y)
  const [signX, signY] = [x[1] === '-' ? -1 : 1, y[1] === '-' ? -1 : 1]
  const [sizeX, sizeY] = [size(x, y), size(y, x)]
  if (/^0*$/.test(sizeX) && /^0*$/.test(sizeY)) return 0
  if (signX !== signY) return signX
  return sizeX === sizeY ? 0 : sizeX < sizeY ? -signX : signX
}

/** Digits of x padded on both sides to the length shared with y, so that text order is size order. */
function size(x: RegExpExecArray, y: RegExpExecArray): string {
  const whole = Math.max(x[2]!.length, y[2]!.length)
  const places = Math.max(x[3]?.length ?? 0, y[3]?.length ?? 0)
  return x[2]!.padStart(whole, '0') + (x[3] ?? '').padEnd(places, '0')
}
