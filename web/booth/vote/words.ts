// The sentences of what the booth refuses, and the one claim of the page.
import { mark, t } from '../kit/lang.ts'
import type { Reason, Refusal } from '../refuse.ts'

const reasons: Record<Reason, string> = {
  slip_long: mark('输入太长；票上只有20个字符或十个词'),
  slip_word: mark('第{n}个“{text}”不在用字表里；请对照票面改正'),
  slip_length: mark('应为{want}个；请对照票面补全或删去多余的'),
  slip_check: mark('校验不符，有一处输错了；请对照票面逐个检查'),
  election_form: mark('服务器发来的票样读不懂；请现场工作人员看一下'),
  election_kind: mark('服务器发来的票样本页不支持；请现场工作人员看一下'),
  election_key: mark('服务器发来的公钥有误；请不要投票，马上告诉监票人'),
  choice: mark('第{question}题的选择不合票样；请重新选择'),
}

export const reasonText = (e: Refusal): string => t(reasons[e.reason], e.holes)
export const claim = (): string => t('除非投票时网页被篡改，或服务器与达到人数的密钥保管人串通，否则任何人看不到您的票')
