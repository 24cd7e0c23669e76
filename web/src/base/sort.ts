// Names sort by pinyin, and digits inside them by their number.
const pinyin = new Intl.Collator('zh-u-co-pinyin', { numeric: true })

export function compareText(a: string, b: string): number {
  return pinyin.compare(a, b)
}
