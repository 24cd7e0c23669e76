// What the trustee's tool and the tests take from this folder.
export { makeShare, ownerOf, tallyText, verifyArchive } from './bel.ts'
export { makeBallot, prepare, publicCredential, readElection } from './crypto.ts'
export { credentialOf, makeSlip, writeSlip } from './slip.ts'
export { fingerprint, makeCert, makeDeal, makeSet, makeSingle, readTrustees, takeShares, trusteesText } from './trustee.ts'
