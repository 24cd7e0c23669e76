// How the signs of the word lists are typed, tones apart: letters find a sign where no Chinese
// keyboard is set up.
import { SIGNS } from '../slip.ts'

const SOUNDS = [
  'da xiao gao chang xin lao hong huang lan lv bai qing jin yin zi hei chun xia qiu dong xi nan bei shang zhong ' +
  'yuan zao wan xue yun feng yu hua shi tie mu zhu song kuai man ruan ying tian xiang re leng nuan liang ' +
  'ming fang ping zhi hou shen qian jing an shuang san wu liu qi ba jiu',
  'shan shui he hu hai sha tian di lu qiao men chuang wu lou tai ting chuan che ma niu yang ji ya yu niao tu ' +
  'long mao gou shu ye gen cao guo gua mi dou cai cha jiu fan tang yan deng bi zhi hua qin ' +
  'gu zhong san xie yi xian zhen suo wan pan bei qiu xing yue ri guang',
].map((list) => list.split(' '))

const table = new Map(SIGNS.reduce<[string, string][]>((all, list, i) =>
  all.concat(Array.from(list, (sign, k): [string, string] => [sign, SOUNDS[i]![k]!])), []))

export const pinyinOf = (sign: string): string => table.get(sign) ?? ''
/** A Chinese sign, in the lists or not: one that is not is named as a mistake. */
export const isSign = (one: string): boolean => /[\u3400-\u9fff]/.test(one)
