export default {
  '查找': 'Search',
  '姓名、单位、文字': 'Name, unit, words',
  '姓名和单位可以写汉字（简繁都行）、全拼或首字母；正文按写的字找，几个词之间空一格。只显示您有权看的。':
    'Names in characters (simplified or traditional), pinyin or initials; texts by the words as typed, a blank between several. Only what you may see is shown.',
  '人员': 'People',
  '还有更多': 'There is more',
  '还有更多没有列出；请写得更具体。': 'There is more that is not listed; be more specific.',
  '查找所有种类': 'Search all kinds',
  '没有找到“{q}”': 'Nothing found for “{q}”',
  '换个写法试试；正文至少写两个字。': 'Try another spelling; texts need two characters at least.',
}
