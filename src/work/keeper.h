/* keeper: what a trustee does after the close, without a net. Every archive of the folder is
 * verified as a whole, its ballots counted against the floor, its hash said for the big screen;
 * then the share of each key file is written beside it. The tallies are remembered in the key files
 * first: no second tally of an election gets a share.
 *
 * With `open` enough key files are there at once: their envelopes' pieces make the server's key
 * again, and the boxes are opened right here. A lost server loses nothing.
 *
 * The folder holds UUID.bel, perhaps UUID.bel.hints, and ceremony.json, as the bundle of an
 * electronic vote has them in archives/. It gets UUID.share-N.json and UUID.opened.bel. */
#ifndef WORK_KEEPER_H
#define WORK_KEEPER_H

#include "base/err.h"
#include "sys/sys.h"

typedef struct KeeperJob {
    const char *const *keys;     /* paths of key files */
    size_t n_keys;               /* at most TRUSTEE_SET_MAX */
    const char *dir;
    bool open;
    void (*say)(const char *line);
} KeeperJob;
bool work_keeper(Sys *sys, const KeeperJob *job, Err *e) MUST_USE;

#endif
