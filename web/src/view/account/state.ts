import type { components } from '../../api/schema'
import { mark } from '../../base/lang'
import type { Tone } from '../../kit/tone'

export const ACCOUNT_STATE: Record<components['schemas']['Account']['state'], [Tone, string]> = {
  active: ['good', mark('已激活')],
  inactive: ['warn', mark('未激活')],
  closed: ['off', mark('已停用')],
}

/** Roles that can be granted, in the order of the year; the first three stand over the installation. */
export const ROLE_TITLES: { role: string; title: string; everywhere?: true }[] = [
  { role: 'sys_admin', title: mark('系统管理员'), everywhere: true },
  { role: 'sec_admin', title: mark('安全管理员'), everywhere: true },
  { role: 'audit_admin', title: mark('审计管理员'), everywhere: true },
  { role: 'organiser_clerk', title: mark('组织单位经办人') },
  { role: 'organiser_head', title: mark('组织单位负责人') },
  { role: 'committee', title: mark('委员会') },
  { role: 'superior', title: mark('上级党组织') },
  { role: 'secretary', title: mark('党组织书记') },
  { role: 'party_staff', title: mark('党务工作者') },
  { role: 'surveyor', title: mark('调研组成员') },
  { role: 'teller', title: mark('计票人') },
  { role: 'scrutineer', title: mark('监票人') },
  { role: 'commentator', title: mark('点评人') },
  { role: 'member', title: mark('党员') },
  { role: 'inspector', title: mark('督查人员') },
]
