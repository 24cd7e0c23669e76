export default {
  '已关闭': 'Off',
  '已开启': 'On',
  '只有本人和本支部看得到，不排名，默认关闭；只按参加过的活动算，材料、笔记、照片都不算分。':
    'Seen only by the member and the branch, in no order of rank, off by default; counted from attendance alone, never from papers, notes or photos.',
  '哪个支部': 'Which branch',
  '没有可看的积分': 'No points to see',
  '积分只有本人和本支部看得到。': 'Points are seen only by the member and the branch.',
  '关闭': 'Switch off',
  '这个支部没有开启积分，什么也不会计算。': 'Points are off in this branch; nothing is counted.',
  '关闭积分': 'Switch points off',
  '开启积分': 'Switch points on',
  '开启后，积分按已经登记的参加情况计算；只有本人和本支部看得到。':
    'From then on points are counted from recorded attendance; only the member and the branch see them.',
  '怎样计分': 'How it is counted',
  '{title}：每次 {each} 分，最多 {cap} 分': '{title}: {each} each time, at most {cap}',
  '{title}：每次 {each} 分': '{title}: {each} each time',
  '基础 {base}，参加活动 {earned}，超过上限不计 {over}': 'base {base}, attendance {earned}, not counted above the cap {over}',
  '冲回': 'reversal',
  '借贷合计 {sum}：每一分都有对应的一笔。': 'Debits and credits sum to {sum}: every point has its counterpart.',
}
