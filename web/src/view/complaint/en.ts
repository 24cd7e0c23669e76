export default {
  '投诉与建议': 'Complaints and proposals',
  '对考核负担、不公、差错或任何不合规定的做法，都可以在这里提出；不登录、不留名也可以。':
    'Here you can report burdens, unfairness, mistakes or anything against the rules; no login and no name are needed.',
  '已收到': 'Received',
  '受理号是 {id}，请记下来，以后查问时用得着。': 'The number is {id}; note it down, it helps when you ask later.',
  '再提一条': 'Write another',
  '要说的事': 'What you want to say',
  '请写下要说的事': 'Please write what you want to say',
  '联系方式（可不填；填了才能答复您）': 'How to reach you (optional; needed for an answer)',
  '提交': 'Send',
}
