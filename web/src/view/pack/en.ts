export default {
  '积分': 'Points',
  '流程': 'Flows',
  '规定': 'Rules',
  '说明': 'Help',
  '这个板块的内容': 'What this area holds',
  '哪一本台账': 'Which ledger',
  '哪一张报表': 'Which report',
  '哪一个流程': 'Which flow',
  '这个板块还没有说明': 'This area has no help yet',
  '版本 {version}，{from}起施行，校验值 {hash}': 'Version {version}, in force from {from}, hash {hash}',
  '看下级各组织的情况': 'See the organisations below',
}
