/* embed: a file linked into the binary (made by tool/embed.sh). Tables end with path NULL. */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

typedef struct Embed {
    const char *path, *p, *end;
} Embed;

#endif
