/** What a state means for the reader: done, running, needs attention, failed, not in play. */
export type Tone = 'good' | 'now' | 'warn' | 'bad' | 'off'
