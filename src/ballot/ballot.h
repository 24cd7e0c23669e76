/* ballot: secret boxes that anyone can recount: elections, slips, trustees, ballots, tallies and
 * the archive of the published Belenios format, version 1, group Ed25519, layout of tool 3.0.
 *
 * It refuses to know clocks, files and where randomness comes from: a Coin is expanded from 32
 * bytes that the caller draws. libsodium does everything that touches a secret; `curve.h` is
 * variable-time arithmetic of our own for what is public anyway, held to libsodium by the tests.
 *
 * Ownership: what a function returns lives in the arena it was given. Secrets (Coin, Slip, Scalar,
 * TrusteeKey) are values of the caller, who wipes them: coin_close, slip_close, trustee_close.
 *
 *     Election el;
 *     if (!election_read(&el, a, election_json, &e)) ...
 *     Scalar secret;
 *     slip_secret(&secret, &slip, el.uuid);                       // one slip, every election
 *     const unsigned char good[] = { 0, 1, 0, 0, 0 };             // blank flag first
 *     const unsigned char *marks[] = { good };
 *     if (!vote_make(&ballot, NULL, &el, &secret, marks, &coin, &e)) ...
 *     Vote v;
 *     if (!vote_read(&v, a, &el, buf_str(&ballot), &e) || !vote_verify(NULL, &v, &el, &e)) ...
 *
 * Nouns of this face, one header each:
 *   point_ scalar_ coin_   point.h     the group, its exponents, randomness from a seed
 *   curve_                 curve.h     fast sums of public points (verification only)
 *   election_ creds_       election.h  election.json and public_creds.json
 *   slip_                  slip.h      the secret of a voter: code, words, credential
 *   trustee_ trustees_     trustee.h   keys held by several offices, ceremony, shares
 *   vote_ batch_           vote.h      one ballot: make, read, verify; many at once
 *   tally_                 tally.h     sum, combination of shares, result
 *   bel_                   bel.h       the archive: write, read, verify
 */
#ifndef BALLOT_BALLOT_H
#define BALLOT_BALLOT_H

#include "ballot/bel.h"
#include "ballot/curve.h"
#include "ballot/election.h"
#include "ballot/point.h"
#include "ballot/slip.h"
#include "ballot/tally.h"
#include "ballot/trustee.h"
#include "ballot/vote.h"

#endif
