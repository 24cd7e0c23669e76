// How good a passphrase is, in plain words. Its length counts, and that it is not one sign again and again.
import { t } from '../../base/lang'

const LEAST = 12 // the server's AUTH_VAULT_PASSPHRASE_MIN
const KINDS = 6
const STRONG = 18

export type Strength = { fine: boolean; tone: 'bad' | 'now' | 'good'; text: string }

export function strength(text: string): Strength {
  const signs = [...text.trim()]
  const kinds = new Set(signs).size
  if (signs.length < LEAST) return { fine: false, tone: 'bad', text: t('太短：还差 {n} 个字', { n: LEAST - signs.length }) }
  if (kinds < KINDS) return { fine: false, tone: 'bad', text: t('重复的字太多，容易猜到') }
  if (/^\d+$/.test(signs.join(''))) return { fine: true, tone: 'now', text: t('可以用；换成一句话会更牢') }
  if (signs.length < STRONG) return { fine: true, tone: 'now', text: t('可以用；再长几个字更牢') }
  return { fine: true, tone: 'good', text: t('很牢') }
}

/** "述评-20261123-174205-118.copy" → the moment in Beijing at which it was begun. */
export function copyTime(name: string): string {
  const m = /-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)\d\d-\d{3}\.copy$/.exec(name)
  return m ? `${m[1]}-${m[2]}-${m[3]} ${m[4]}:${m[5]}` : ''
}
