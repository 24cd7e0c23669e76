// What the survey team found about one debriefer, and what he claims, class by class.
import type { components } from '../../api/schema'
import { mark } from '../../base/lang'

export type SurveyFact = components['schemas']['SurveyFact']
export type Survey = components['schemas']['SurveyFacts']
export interface Section { class: string; achievements?: string; problems?: string; causes?: string; measures?: string }
export interface Answer { finding: number; answer: string; text: string }
export interface ReportBody { sections?: Section[]; answers?: Answer[]; zero?: boolean; source?: string }

export const SOURCES = [
  { value: 'visit', title: mark('实地走访') },
  { value: 'questionnaire', title: mark('问卷') },
  { value: 'phone', title: mark('电话抽查') },
  { value: 'talk', title: mark('谈话') },
  { value: 'papers', title: mark('查阅资料') },
]
