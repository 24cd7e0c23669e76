export default {
  '登录': 'Log in',
  '党组织书记抓基层党建述职评议考核': 'Debrief, review and assessment of Party organisation secretaries',
  '工号或账号': 'Staff number or account',
  '密码': 'Password',
  '第一次使用，或忘记密码：请向本单位管理员领取一次性激活条。':
    'First time here, or password forgotten: ask your administrator for a one-time activation slip.',
  '用激活条激活账号': 'Activate with a slip',
  '激活账号': 'Activate account',
  '用一次性激活条开通账号，并设一个自己的密码。': 'Open your account with a one-time slip and set a password of your own.',
  '激活码': 'Activation code',
  '请填写激活条上的激活码': 'Please fill in the code on your slip',
  '密码要求': 'Rules for the password',
  '密码要求：': 'Rules for the password:',
  '至少 {n} 个字符，其中至少 {k} 个不同；': 'at least {n} characters, {k} of them different;',
  '不要用姓名、工号、生日；': 'not your name, staff number or birthday;',
  '一句自己记得住、别人猜不到的话最好，可以有汉字和空格。':
    'best is a sentence you remember and others cannot guess; Chinese characters and spaces are fine.',
  '密码至少 {n} 个字符': 'The password needs at least {n} characters',
  '密码里至少要有 {n} 个不同的字符': 'The password needs at least {n} different characters',
  '两次填写的密码不一样': 'The two passwords differ',
  '新密码': 'New password',
  '再填一次': 'Once more',
  '激活并登录': 'Activate and log in',
  '账号已激活；以后请用登录名 {login} 和这个密码登录':
    'The account is active; from now on log in as {login} with this password',
  '激活条只能用一次。用过或丢了，请管理员补发新的一张，旧的随即作废。':
    'A slip works once. If it is used or lost, ask for a new one; the old one then no longer works.',
  '公开栏（不用登录）': 'Public board (no account needed)',
  '大字版': 'Large print',
}
