export interface Proof { challenge: bigint; response: bigint }
export const proofText = (p: Proof): string => `{"challenge":"${p.challenge}","response":"${p.response}"}`
