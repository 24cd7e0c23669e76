// A small district for the tests of daily work: a work committee, a system committee, three branches, their people
// and those who file for them.
import { login, openPage, runBinary, startServer, tempDir } from './lib'
import { PASSWORD, Scene } from './scene'
import type { Page } from 'playwright-core'

export const day = (after: number): string => new Date(Date.now() + 8 * 3600_000 + after * 86_400_000).toISOString().slice(0, 10)

export interface District {
  url: string
  dir: string
  scene: Scene
  org: { organ: number; system: number; branch: number; second: number }
  as: (who: 'clerk' | 'head' | 'staff' | 'secretary', path: string) => Promise<Page>
}

const ORGS = ['组织编号,名称,类别,领域,上级组织编号,成立日期,本届任期届满', 'D,例区机关工委,工委,机关,,2010-01-01,', 'B0,卫健系统机关党委,系统机关党委,医院,D,2012-01-01,2028-06-30',
  'C1,第一医院党支部,党支部,医院,B0,2015-01-01,2027-06-30', 'C2,第二医院党支部,党支部,医院,B0,2015-01-01,2027-06-30', 'C3,疾控党支部,党支部,事业单位,B0,2016-01-01,2027-06-30']
const MEMBERS = ['王一', '王二', '王三', '王四', '王五', '王六', '王七', '王八']

export async function district(): Promise<District> {
  const dir = `${tempDir()}/data`
  await runBinary(['init', '--dir', dir])
  const server = await startServer(dir)
  const scene = new Scene(dir)
  await scene.roster(ORGS.join('\n'), [
    '姓名,工号,所在组织编号,出生年月,中共党员,职务,任职日期,离任日期',
    '文书记,H0,D,1980-01,是,党务工作者,2023-01-01,', '主任,H1,D,1975-01,是,书记,2023-01-01,', '甲一,S0,B0,1978-01,是,书记,2024-03-01,',
    '张书记,C10,C1,1981-01,是,书记,2024-03-01,', '李党务,C11,C1,1990-01,是,党务工作者,2024-03-01,', '丙一,C20,C2,1982-01,是,书记,2024-03-01,',
    ...MEMBERS.map((n, i) => `${n},M${i},C1,198${i}-05,是,党员,2020-01-01,`),
  ].join('\n'))
  const org = {
    organ: await scene.org('例区机关工委'), system: await scene.org('卫健系统机关党委'), branch: await scene.org('第一医院党支部'), second: await scene.org('第二医院党支部'),
  }
  const logins = {
    clerk: await scene.account(server.url, '文书记', 'organiser_clerk', org.organ),
    head: await scene.account(server.url, '主任', 'organiser_head', org.organ),
    staff: await scene.account(server.url, '李党务', 'party_staff', org.branch),
    secretary: await scene.account(server.url, '张书记', 'secretary', org.branch),
  }
  const as = async (who: keyof typeof logins, path: string): Promise<Page> => {
    const page = await openPage(server.url, '/login')
    await login(page, logins[who], PASSWORD)
    await page.goto(server.url + path)
    await page.locator('main h1').first().waitFor()
    return page
  }
  return { url: server.url, dir, scene, org, as }
}

/** Types a day into a date field, as a clerk who knows it does. */
export async function putDay(page: Page, label: string, value: string): Promise<void> {
  const box = page.getByLabel(label, { exact: false }).first()
  await box.fill(value)
  await box.press('Tab')
}

/** Chooses in a list that opens. */
export async function pick(page: Page, label: string, name: string): Promise<void> {
  const box = page.getByRole('combobox', { name: label, exact: false }).first()
  await box.focus()
  if (await box.isEditable()) await box.pressSequentially(name)
  else await page.keyboard.press('Enter')
  await page.getByRole('option', { name }).first().click()
}
