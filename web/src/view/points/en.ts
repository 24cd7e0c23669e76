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
  '不计分（年老体弱或有病）': 'not counted (old or ill)',
  '已冲回': 'reversed',
  '还没有计分的活动。': 'Nothing counted yet.',
  '关闭积分': 'Switch points off',
  '开启积分': 'Switch points on',
  '开启后，积分按已经登记的参加情况计算；只有本人和本支部看得到。':
    'From then on points are counted from recorded attendance; only the member and the branch see them.',
}
