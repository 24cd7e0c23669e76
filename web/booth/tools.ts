// What the trustee's tool takes from this folder.
export { fingerprint, makeCert, makeDeal, makeSet, makeSingle, readTrustees, takeShares, trusteesText } from './trustee.ts'
export { makeSlip, writeSlip, credentialOf } from './slip.ts'
