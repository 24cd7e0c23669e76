import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { effectScope, nextTick } from 'vue'
import { ApiError } from '../api/error'
import { showBytes } from './bytes'
import { useCall } from './call'
import { cellShown, compareRows, filterRows, type Column } from './column'
import DataTable from './DataTable.vue'
import { useDraft, type Draft } from './draft'
import ErrorNote from './ErrorNote.vue'
import FileDrop from './FileDrop.vue'
import ReasonDialog from './ReasonDialog.vue'
import StateTag from './StateTag.vue'
import Timeline from './Timeline.vue'
import WhyNode from './WhyNode.vue'
import type { Why } from './why'

const columns: Column[] = [
  { key: 'name', title: '名称', sort: true },
  { key: 'score', title: '得分', kind: 'number' },
  { key: 'day', title: '日期', kind: 'day' },
]
const rows = [
  { name: '乙支部', score: '9.5', day: '2026-03-01' },
  { name: '甲支部', score: '10', day: '2026-01-05' },
]
const at = { global: { stubs: { RouterLink: { template: '<a><slot /></a>' } } } }

describe('columns', () => {
  test('filter by what is shown, all words wanted, any width', () => {
    expect(filterRows(rows, columns, '３月 乙')).toEqual([rows[0]])
    expect(filterRows(rows, columns, '三月')).toEqual([])
    expect(filterRows(rows, columns, '  ')).toEqual(rows)
  })
  test('compare numbers as decimals and names by pinyin', () => {
    expect(compareRows(columns[1]!, rows[0]!, rows[1]!)).toBe(-1)
    expect(compareRows(columns[0]!, rows[0]!, rows[1]!)).toBeGreaterThan(0)
    expect(cellShown(columns[2]!, rows[1]!)).toBe('2026年1月5日')
  })
})

describe('a table', () => {
  const many = Array.from({ length: 9 }, (_, i) => ({ ...rows[0]!, name: `第${i}支部` }))
  const table = (props: object) => mount(DataTable, { props: { title: '支部', columns, rows, ...props }, ...at, attachTo: document.body })
  test('counts, filters and says what to do when nothing is found', async () => {
    const w = table({ rows: many })
    expect(w.text()).toContain('共 9 条')
    await w.find('input').setValue('没有的')
    expect(w.text()).toContain('共 0 条')
    expect(w.text()).toContain('没有符合“没有的”的记录')
    w.unmount()
  })
  test('asks its owner when rows stay on the server', async () => {
    vi.useFakeTimers()
    const w = table({ remote: true, total: 400 })
    await w.find('input').setValue('甲')
    vi.advanceTimersByTime(400)
    expect(w.emitted('query')).toEqual([['甲', 0, 50]])
    vi.useRealTimers()
    w.unmount()
  })
  test('becomes cards on a narrow screen', async () => {
    vi.spyOn(window, 'matchMedia').mockReturnValue({ matches: true, addEventListener() {}, removeEventListener() {} } as never)
    const w = table({ to: (r: { name: string }) => '/org/' + r.name })
    await nextTick()
    expect(w.findAll('li dl')).toHaveLength(2)
    expect(w.find('dd a').text()).toBe('乙支部')
    vi.restoreAllMocks()
    w.unmount()
  })
})

describe('a call of a screen', () => {
  test('keeps the later answer when the earlier comes last', async () => {
    const waiting: ((v: string) => void)[] = []
    const call = useCall(() => new Promise<string>((done) => waiting.push(done)))
    const [first, second] = [call.run(), call.run()]
    waiting[1]!('new')
    await second
    waiting[0]!('old')
    await first
    expect([call.data.value, call.busy.value]).toEqual(['new', false])
  })
  test('keeps a refusal to show', async () => {
    const call = useCall(() => Promise.reject(new ApiError(422, 'X', '不行', 'day')))
    expect(await call.run()).toBeUndefined()
    expect(call.error.value?.message).toBe('不行')
  })
})

describe('a draft', () => {
  const scope = effectScope()
  let saves: [string, number | undefined][]
  let refuse: ApiError | null
  const draft = (): Draft<{ text: string }> =>
    scope.run(() => useDraft('r1', { text: '' }, async (value, version) => {
      saves.push([value.text, version])
      if (refuse) throw refuse
      return (version ?? 0) + 1
    }))!
  beforeEach(() => {
    vi.useFakeTimers()
    sessionStorage.clear()
    ;[saves, refuse] = [[], null]
  })
  afterEach(() => vi.useRealTimers())

  test('saves itself after a pause, each time over the version it has', async () => {
    const d = draft()
    d.open({ text: '甲' }, 5)
    d.value.value.text = '甲乙'
    d.value.value.text = '甲乙丙'
    expect(d.state.value).toBe('waiting')
    await vi.advanceTimersByTimeAsync(1300)
    expect([saves, d.state.value]).toEqual([[['甲乙丙', 5]], 'saved'])
    d.value.value.text = '丁'
    expect(await d.flush()).toBe(true)
    expect(saves.at(-1)).toEqual(['丁', 6])
    expect(sessionStorage.length).toBe(0)
  })
  test('loses nothing to a conflict, and goes on over the other’s version', async () => {
    const d = draft()
    d.open({ text: '甲' }, 5)
    refuse = new ApiError(409, 'CONFLICT', '别人先改了')
    d.value.value.text = '我的'
    expect(await d.flush()).toBe(false)
    d.value.value.text = '我的，又写了'
    await vi.advanceTimersByTimeAsync(20_000)
    expect([d.state.value, saves.length]).toEqual(['conflict', 1])
    refuse = null
    expect(await d.keepMine(9)).toBe(true)
    expect(saves.at(-1)).toEqual(['我的，又写了', 9])
  })
  test('tries again after a lost connection, and a reload brings the text back', async () => {
    const d = draft()
    d.open({ text: '甲' }, 5)
    refuse = new ApiError(0, 'OFFLINE', '断线')
    d.value.value.text = '没存上的'
    await vi.advanceTimersByTimeAsync(1300)
    expect(d.state.value).toBe('failed')
    const reloaded = draft()
    expect(reloaded.open({ text: '甲' }, 5)).toBe(true)
    expect(reloaded.value.value.text).toBe('没存上的')
    refuse = null
    await vi.advanceTimersByTimeAsync(9000)
    expect(d.state.value).toBe('saved')
  })
})

test('a reason is wanted before anything is confirmed', async () => {
  const w = mount(ReasonDialog, { props: { modelValue: true, title: '退回', confirm: '退回' }, global: { stubs: { teleport: true } } })
  await nextTick()
  await w.find('form').trigger('submit')
  expect(w.emitted('confirm')).toBeUndefined()
  expect(w.text()).toContain('请写明理由')
  await w.find('textarea').setValue('  数字不符 ')
  await w.find('form').trigger('submit')
  expect(w.emitted('confirm')).toEqual([['数字不符']])
})

test('a refusal is announced with its place', () => {
  const w = mount(ErrorNote, { props: { error: new ApiError(422, 'X', '日期不存在', '第3行') } })
  expect(w.attributes('role')).toBe('alert')
  expect(w.text()).toContain('日期不存在')
  expect(w.text()).toContain('位置：第3行')
})

test('a state says in words what its colour says', () => {
  const w = mount(StateTag, { props: { tone: 'bad', text: '已过期' } })
  expect(w.text()).toBe('已过期')
  expect(w.find('svg').exists()).toBe(true)
})

test('a course of work marks where it stands and lists what is missing', () => {
  const steps = [
    { title: '会前调研', state: 'done' as const, from: '2026-11-01', to: '2026-11-20' },
    { title: '述职报告', state: 'missing' as const, missing: ['3人没有交'] },
    { title: '述职会', state: 'now' as const },
  ]
  const w = mount(Timeline, { props: { steps }, ...at })
  expect(w.find('[aria-current=step]').text()).toContain('述职会')
  expect(w.text()).toContain('2026年11月1日 至 2026年11月20日')
  expect(w.findAll('li li').map((li) => li.text())).toEqual(['3人没有交'])
})

test('an explanation shows formula and records, and stops at its depth', () => {
  const why: Why = { title: '综合得分', value: '87.50', formula: '0.6 × A + 0.4 × B', inputs: [
    { title: 'A', value: '90', facts: [{ id: 17, what: '计票', who: '张某', when: '2026-12-20T02:00:00Z' }] },
  ] }
  const w = mount(WhyNode, { props: { why, depth: 0 }, ...at })
  expect(w.text()).toContain('0.6 × A + 0.4 × B')
  expect(w.text()).toContain('张某 于 2026年12月20日 10:00 填报，记录号 17')
  const loop: Why = { title: '环', value: '1' }
  loop.inputs = [loop]
  expect(mount(WhyNode, { props: { why: loop, depth: 0 }, ...at }).findAll('details')).toHaveLength(25)
})

describe('a file', () => {
  const drop = () => mount(FileDrop, { props: { path: '/api/files', endings: ['.xlsx', '.csv'], maxBytes: 10 } })
  const give = async (w: ReturnType<typeof drop>, name: string, bytes: number) => {
    const files = [new File(['x'.repeat(bytes)], name)]
    await w.find('.drop').trigger('drop', { dataTransfer: { files } })
    return w.text()
  }
  test('of the wrong kind, empty or too big is refused before it is sent', async () => {
    const sent = vi.spyOn(XMLHttpRequest.prototype, 'send').mockImplementation(() => {})
    const w = drop()
    expect(await give(w, 'a.exe', 5)).toContain('类型不对')
    expect(await give(w, 'a.csv', 0)).toContain('空文件')
    expect(await give(w, 'a.csv', 11)).toContain('超过上限 10 B')
    expect(sent).not.toHaveBeenCalled()
    expect(await give(w, 'A.CSV', 10)).toContain('正在上传“A.CSV”')
    expect(sent).toHaveBeenCalledOnce()
    sent.mockRestore()
  })
  test('shows the rows that were not accepted', async () => {
    const w = mount(FileDrop, { props: { path: '/x', endings: ['.csv'], maxBytes: 10,
      rows: [{ sheet: '人员', row: 3, column: '任职日期', message: '日期不存在；请改为真实日期' }] }, ...at })
    await nextTick()
    expect(w.text()).toContain('有 1 行没有接受')
  })
})

test.each([[0, '0 B'], [1023, '1023 B'], [1024, '1 KB'], [20 * 1024 * 1024, '20 MB']])('%d bytes', (n, want) =>
  expect(showBytes(n)).toBe(want))
