// Sets a scene from the console, so that a browser test walks only its own area: a roster, people with accounts
// and passwords, a year.
import { writeFileSync } from 'node:fs'
import { check, runBinary } from './lib'

export const PASSWORD = '江山如画 青山不老 一'

export class Scene {
  constructor(readonly dir: string) {}

  /** Any use case, as the console or as somebody. */
  async call<T = Record<string, unknown>>(name: string, input: unknown = {}, more: string[] = []): Promise<T> {
    const printed = await runBinary(['call', name, JSON.stringify(input), '--dir', this.dir, ...more])
    return JSON.parse(printed) as T
  }

  /** Imports organisations and people, each a csv text. */
  async roster(orgs: string, people: string): Promise<void> {
    for (const [name, text] of [['orgs.csv', orgs], ['people.csv', people]] as const) {
      const file = `${this.dir}-${name}`
      writeFileSync(file, text)
      await this.call('roster_import', {}, ['--upload', file])
    }
  }

  async org(q: string): Promise<number> {
    const list = await this.call<{ items: { id: number; name: string }[] }>('org_list', { q })
    const one = list.items.find((o) => o.name === q)
    check(one, `no organisation ${q}`)
    return one.id
  }

  async person(q: string): Promise<number> {
    const list = await this.call<{ items: { id: number; name: string }[] }>('person_list', { q })
    const one = list.items.find((p) => p.name === q)
    check(one, `no person ${q}`)
    return one.id
  }

  /** Opens an account with a role over an organisation and gives its login; PASSWORD opens it. */
  async account(url: string, name: string, role: string, org: number): Promise<string> {
    const made = await this.call<{ id: number; login: string }>('account_open', { person: await this.person(name) })
    await this.call('grant_add', { account: made.id, role, org })
    const slip = await this.call<{ code: string }>('account_slip', { account: made.id })
    const reply = await fetch(new URL('/api/activate', url), {
      method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: slip.code, password: PASSWORD }),
    })
    check(reply.ok, `${name} was not let in: ${reply.status} ${await reply.text()}`)
    return made.login
  }
}
