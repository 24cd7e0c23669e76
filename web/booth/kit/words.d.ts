declare module 'virtual:booth-words' {
  /** Stands between the Chinese of a sentence and its English. */
  export const MARK: string
  /** Pairs of signs, and sentences that differ from what the signs give. */
  export const hant: { signs: string; whole: Record<string, string> }
}
declare const VOTE_HASH: string
