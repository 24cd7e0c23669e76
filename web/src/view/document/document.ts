// The outline that the server reads out of a text, as far as the screens need it.
export interface Item { text: string; sentence: string; from: number; to: number; end: number }
export interface Heading extends Item { level: number; number: string }
export interface Figure { value: number | string; unit: string; qualifier: string; text: string; sentence: string; from: number; to: number }
export interface Mismatch { announced: number; found: number; what: string; sentence: string; from: number; to: number }
export interface Duty { who: string; what: string; clause: string; sentence: string; soft: boolean; from: number; to: number; at: number }
export interface Named { name: string; sentence: string; times: number; from: number; at: number }
export interface Outline {
  title: string
  headings: Heading[]
  achievements: Item[]
  problems: Item[]
  impressions: Item[]
  demands: Item[]
  figures: Figure[]
  mismatches: Mismatch[]
  duties: Duty[]
  programmes: Named[]
  problems_named: { from: number; org?: number; org_name?: string }[]
}
