// What the page takes from this folder.
export { makeBallot, prepare, publicCredential, readElection } from './crypto.ts'
export { Refusal } from './refuse.ts'
export { credentialOf, readSlip } from './slip.ts'
