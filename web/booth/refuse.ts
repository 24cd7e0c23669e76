// Why the booth cannot go on: a code and what fills its sentence. The sentences belong to the page.
export type Reason =
  | 'slip_long' | 'slip_word' | 'slip_length' | 'slip_check' // what was typed
  | 'election_form' | 'election_kind' | 'election_key' // what the server sent
  | 'choice' // an answer the question does not take

export class Refusal extends Error {
  constructor(readonly reason: Reason, readonly holes: Record<string, string | number> = {}) {
    super(reason)
  }
}

export function refuse(reason: Reason, holes?: Record<string, string | number>): never {
  throw new Refusal(reason, holes)
}
