/** Why a value is what it is: the rule applied, the values it was made from, the records behind it. */
export interface Why {
  title: string
  value: string
  formula?: string | undefined
  note?: string | undefined
  inputs?: Why[] | undefined
  facts?: WhyFact[] | undefined
}

/** A filed record: what it says, who filed it, when it arrived, and its entry in the log. */
export interface WhyFact {
  id: number
  what: string
  who: string
  when: string
  link?: string | undefined
}
