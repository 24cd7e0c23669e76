import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, test, vi } from 'vitest'
import { nextTick } from 'vue'
import { ApiError } from '../api/error'
import { bare, checkEntry, checkForm, LIST_MAX, startEntries, TEXT_MAX, type Entry, type Field, type Form } from './form'
import FormView from './FormView.vue'

const form: Form = {
  name: 'commentary', title: '点评', help: '点评每位述职人。', minutes: 4,
  fields: [
    { name: 'title', title: '题目', type: 'text', required: true, max: 10 },
    { name: 'body', title: '内容', type: 'long', help: '问题写具体', min: 3 },
    { name: 'score', title: '得分', type: 'decimal', min: 0, max: '100' },
    { name: 'day', title: '日期', type: 'day' },
    { name: 'grade', title: '等次', type: 'choice', required: true, choices: [{ value: 'good', title: '好' }, { value: 'fair', title: '一般' }] },
    { name: 'seen', title: '已核对', type: 'flag' },
    { name: 'who', title: '责任人', type: 'person' },
    { name: 'org', title: '责任单位', type: 'org', prefilled: { id: 3, name: '某局机关党委' } },
    { name: 'paper', title: '佐证', type: 'file' },
    { name: 'points', title: '要点', type: 'list', max: 3 },
  ],
}
const field = (over: Partial<Field>): Field => ({ name: 'f', title: '题', type: 'text', ...over })

describe('an entry', () => {
  const wrong: [string, Partial<Field>, Entry, string | undefined][] = [
    ['required text', { required: true }, '  ', '请填写题'],
    ['required choice', { type: 'choice', required: true }, '', '请选择题'],
    ['required flag', { type: 'flag', required: true }, false, '请确认题'],
    ['required list', { type: 'list', required: true }, ['', ' '], '请填写题'],
    ['optional', {}, '', undefined],
    ['text at the limit', {}, '字'.repeat(TEXT_MAX), undefined],
    ['text past the limit', {}, '字'.repeat(TEXT_MAX + 1), `最多 ${TEXT_MAX} 字，现在有 ${TEXT_MAX + 1} 字；请删去 1 字`],
    ['a rare character is one', { max: 1 }, '𠮷', undefined],
    ['short text', { min: 3 }, '两字', '至少 3 字，现在只有 2 字'],
    ['no number', { type: 'number' }, '十二', '“十二”不是数；请只填数字，例如 12 或 12.5'],
    ['full-width number', { type: 'number', max: 100 }, '１００', undefined],
    ['a fraction where a whole number is wanted', { type: 'number' }, '1.5', '“1.5”不是整数；请填整数，例如 12'],
    ['rows name the row', { type: 'rows', fields: [{ name: 'a', title: '甲', type: 'text', required: true }] }, [{ a: '有' }, { a: '' }], '第 2 行：请填写甲'],
    ['number past the limit', { type: 'decimal', max: 100 }, '100.01', '不能大于 100'],
    ['number below', { type: 'decimal', min: '0.5' }, '0.49', '不能小于 0.5'],
    ['list at the limit', { type: 'list' }, Array<string>(LIST_MAX).fill('x'), undefined],
    ['list past the limit', { type: 'list' }, Array<string>(LIST_MAX + 1).fill('x'), `最多 ${LIST_MAX} 条，现在有 ${LIST_MAX + 1} 条`],
    ['short list', { type: 'list', min: 2 }, ['一', ''], '至少 2 条，现在只有 1 条'],
  ]
  test.each(wrong)('%s', (_, over, entry, want) => expect(checkEntry(field(over), entry)).toBe(want))
})

describe('a form', () => {
  test('starts from kept entries, then from what is held, then empty', () => {
    const start = startEntries(form, { title: '稿' })
    expect(start).toMatchObject({ title: '稿', org: { id: 3, name: '某局机关党委' }, seen: false, who: null, points: [''] })
  })
  test('names every mistake by its field', () => {
    expect(Object.keys(checkForm(form, startEntries(form, { body: '短' })))).toEqual(['title', 'body', 'grade'])
  })
  test('sends ids, plain digits and no empty lines', () => {
    const entries = startEntries(form, { title: ' 题 ', score: '９.５', seen: true, who: { id: 8, name: '李某' }, points: ['一', ' ', '二'] })
    expect(bare(form, entries)).toEqual({ title: '题', score: '9.5', seen: true, who: 8, org: 3, points: ['一', '二'] })
  })
})

describe('the drawn form', () => {
  const draw = async (props: object = {}) => {
    const w = mount(FormView, { props: { form, send: '保存', ...props }, attachTo: document.body })
    await flushPromises()
    return w
  }

  test('has a control and a label for every field', async () => {
    const w = await draw()
    for (const f of form.fields) expect(w.find(`[data-field="${f.name}"]`).text()).toContain(f.title)
    const label = w.find('[data-field=title] label').attributes('for')
    expect(w.find(`[data-field=title] input`).attributes('id')).toBe(label)
    expect(w.text()).toContain('大约需要 4 分钟。')
    expect(w.findAll('[data-field=grade] input[type=radio]')).toHaveLength(2)
    await flushPromises()
    w.unmount()
  })
  test('shows mistakes at their fields, focuses the first, and sends nothing', async () => {
    const w = await draw()
    await w.find('form').trigger('submit')
    await nextTick()
    expect(w.emitted('submit')).toBeUndefined()
    const input = w.find('[data-field=title] input')
    expect(w.find('[data-field=title] .wrong').text()).toBe('请填写题目')
    expect(input.attributes('aria-invalid')).toBe('true')
    expect(input.attributes('aria-describedby')).toBe(w.find('[data-field=title] .wrong').attributes('id'))
    expect(document.activeElement).toBe(input.element)
    await input.setValue('好')
    expect(w.find('[data-field=title] .wrong').exists()).toBe(false)
    await flushPromises()
    w.unmount()
  })
  test('gives back what was filled in', async () => {
    const w = await draw()
    await w.find('[data-field=title] input').setValue('第一条')
    await w.find('[data-field=score] input').setValue('８８')
    await w.find('[data-field=grade] input[value=fair]').setValue()
    await w.findAll('[data-field=points] button').at(-1)!.trigger('click')
    const lines = w.findAll('[data-field=points] input')
    await lines[0]!.setValue('甲')
    await lines[1]!.setValue('乙')
    await w.find('form').trigger('submit')
    expect(w.emitted('submit')).toEqual([[{ title: '第一条', score: '88', grade: 'fair', seen: false, org: 3, points: ['甲', '乙'] }]])
    await flushPromises()
    w.unmount()
  })
  test('puts the server’s refusal at the field it names, else below', async () => {
    const w = await draw({ error: null })
    await w.setProps({ error: new ApiError(422, 'X', '题目已经有了', 'title') })
    await nextTick()
    expect(w.find('[data-field=title] .wrong').text()).toBe('题目已经有了')
    await w.setProps({ error: new ApiError(403, 'Y', '不能保存') })
    await vi.waitFor(() => expect(w.text()).toContain('不能保存'))
    await flushPromises()
    w.unmount()
  })
  test('looks no mistake up in the reader’s face before it is made', async () => {
    const w = await draw()
    await w.find('[data-field=title] input').trigger('focusout')
    expect(w.find('.wrong').exists()).toBe(false)
    await w.find('[data-field=score] input').setValue('三')
    await w.find('[data-field=score] input').trigger('focusout')
    expect(w.find('[data-field=score] .wrong').exists()).toBe(true)
    await flushPromises()
    w.unmount()
  })
})
