// What a voter drew at the door: a code of 20 characters or ten words, and the credential it stands
// for. Secrets are kept in byte arrays, which can be overwritten; texts of JavaScript cannot.
import { sha256 } from '@noble/hashes/sha2.js'
import { refuse } from './refuse.ts'

export const SYMBOLS = 18
export const CODE = 20
export const WORDS = 10
export const TYPED_MAX = 400 // bytes

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const DESCRIBING =
  '大小高长新老红黄蓝绿白青金银紫黑春夏秋冬西南北上中远早晚雪云风雨花石铁木竹松快慢软硬甜香热冷暖凉' +
  '明方平直厚深浅静安双三五六七八九'
const THINGS =
  '山水河湖海沙田地路桥门窗屋楼台亭船车马牛羊鸡鸭鱼鸟兔龙猫狗树叶根草果瓜米豆菜茶酒饭糖盐灯笔纸画琴' +
  '鼓钟伞鞋衣线针锁碗盘杯球星月日光'
const GAPS = ' ,\t\n\r\u3000\u3001\uff0c'

/** The signs a word is made of: the first of these, the second of those. */
export const SIGNS: readonly [string, string] = [DESCRIBING, THINGS]

/** Five words for the first ten of a tracker's letters: what a person can compare and remember. */
export function wordsOfTracker(tracker: string): string[] {
  const signs = Array.from(tracker.slice(0, 10).replace(/\+/g, '-').replace(/\//g, '_'),
    (c, i) => SIGNS[i % 2]!.charAt(LETTERS.indexOf(c)))
  return [0, 2, 4, 6, 8].map((i) => signs[i]! + signs[i + 1]!)
}

/** The ten letters that five words stand for; empty when they are no such words. */
export function lettersOfWords(words: string): string {
  const signs = Array.from(words)
  const places = signs.map((c, i) => SIGNS[i % 2]!.indexOf(c))
  if (signs.length !== 10 || places.some((n) => n < 0)) return ''
  return places.map((n) => LETTERS.charAt(n)).join('').replace(/-/g, '+').replace(/_/g, '/')
}

/** 20 letters from 20 letters or ten words: how a second slip is sent. */
export function codeOf(typed: string): string {
  readSlip(typed).fill(0)
  return Array.from(typed).filter((c) => !GAPS.includes(c))
    .map((c, i) => (c.codePointAt(0)! > 127 ? LETTERS.charAt(place(i, c, true)) : c)).join('')
}

/** The text of a slip whose symbols were drawn: its code and its ten words. */
export function writeSlip(slip: Slip): { code: string; words: string[] } {
  const check = hashOf('shuping slip|', slip)
  const all = [...slip, check[0]! >> 2, (check[0]! & 3) << 4 | check[1]! >> 4]
  return {
    code: all.map((s) => LETTERS.charAt(s)).join(''),
    words: Array.from({ length: WORDS }, (_, i) => DESCRIBING.charAt(all[2 * i]!) + THINGS.charAt(all[2 * i + 1]!)),
  }
}

/** A slip nobody can guess: 108 random bits. */
export const makeSlip = (): Slip => crypto.getRandomValues(new Uint8Array(SYMBOLS)).map((b) => b & 63)

/** 18 numbers of 0..63. */
export type Slip = Uint8Array
/** `XXXXX-XXXXXX-XXXXX-XXXXXX` in ASCII, the same for every election of the slip. */
export type Credential = Uint8Array

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0))

/** SHA-256 of a prefix and the slip's letters, without a text of them. */
function hashOf(prefix: string, slip: Slip): Uint8Array {
  const bytes = new Uint8Array(prefix.length + SYMBOLS)
  bytes.set(ascii(prefix))
  slip.forEach((s, i) => { bytes[prefix.length + i] = LETTERS.charCodeAt(s) })
  const hash = sha256(bytes)
  bytes.fill(0)
  return hash
}

function place(at: number, typed: string, words: boolean): number {
  const list = !words ? LETTERS : at % 2 ? THINGS : DESCRIBING
  const symbol = list.indexOf(typed)
  return symbol >= 0 ? symbol : refuse('slip_word', { n: words ? (at >> 1) + 1 : at + 1, text: typed })
}

/** Reads what was typed or scanned; names the word it does not know. */
export function readSlip(typed: string): Slip {
  const got = new Uint8Array(CODE)
  let n = 0
  let words = false
  if (new TextEncoder().encode(typed).length > TYPED_MAX) refuse('slip_long', { max: TYPED_MAX })
  for (const one of typed) {
    if (GAPS.includes(one)) continue
    if (n === 0) words = one.codePointAt(0)! > 127
    if (n === CODE) refuse('slip_length', { want: words ? WORDS : CODE })
    got[n] = place(n, one, words)
    n++
  }
  if (n !== CODE) refuse('slip_length', { want: words ? WORDS : CODE })
  const slip = got.slice(0, SYMBOLS)
  const check = hashOf('shuping slip|', slip)
  const fits = got[18] === check[0]! >> 2 && got[19] === ((check[0]! & 3) << 4 | check[1]! >> 4)
  got.fill(0)
  if (fits) return slip
  slip.fill(0)
  return refuse('slip_check')
}

/** The hash as a big-endian number, divided by 58 again and again: 22 remainders. */
export function credentialOf(slip: Slip): Credential {
  const hash = hashOf('shuping credential|', slip)
  const out: number[] = []
  for (let k = 0; k < 22; k++) {
    let rest = 0
    for (let i = 0; i < hash.length; i++) {
      rest = rest << 8 | hash[i]!
      hash[i] = Math.floor(rest / 58)
      rest %= 58
    }
    if (k === 5 || k === 11 || k === 16) out.push(0x2d)
    out.push(BASE58.charCodeAt(rest))
  }
  hash.fill(0)
  const credential = Uint8Array.from(out)
  out.fill(0)
  return credential
}

/** 64 bytes, to be read as one big-endian number modulo q: the secret for one election. */
export function deriveWide(credential: Credential, uuid: string): Uint8Array {
  const wide = new Uint8Array(64)
  for (let half = 0; half < 2; half++) {
    const prefix = ascii(`derive_credential|${uuid}|${half}|`)
    const bytes = new Uint8Array(prefix.length + credential.length)
    bytes.set(prefix)
    bytes.set(credential, prefix.length)
    wide.set(sha256(bytes), 32 * half)
    bytes.fill(0)
  }
  return wide
}
