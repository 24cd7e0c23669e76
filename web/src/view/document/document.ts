// The outline that the server reads out of a text, as far as the screens need it.
export interface Item { text: string; sentence: string; from: number; to: number; end: number }
export interface Heading extends Item { level: number; number: string }
export interface Figure { value: number | string; unit: string; qualifier: string; text: string; sentence: string; from: number; to: number }
export interface Mismatch { announced: number; found: number; what: string; sentence: string; from: number; to: number }
export interface Outline {
  title: string
  headings: Heading[]
  achievements: Item[]
  problems: Item[]
  impressions: Item[]
  demands: Item[]
  figures: Figure[]
  mismatches: Mismatch[]
}
