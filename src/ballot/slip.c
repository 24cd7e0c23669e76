#include "ballot/slip.h"

#include <sodium.h>
#include <string.h>

/* Characters that describe and characters that name things, 64 each; within a list no two sound
 * alike even without tones, so that a word which was heard or typed by its sound is still found. */
static const char describing[] =
    "大小高长新老红黄蓝绿白青金银紫黑春夏秋冬西南北上中远早晚雪云风雨花石铁木竹松快慢软硬甜香热冷暖凉"
    "明方平直厚深浅静安双三五六七八九";
static const char things[] =
    "山水河湖海沙田地路桥门窗屋楼台亭船车马牛羊鸡鸭鱼鸟兔龙猫狗树叶根草果瓜米豆菜茶酒饭糖盐灯笔纸画琴"
    "鼓钟伞鞋衣线针锁碗盘杯球星月日光";
static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char base58[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

enum { CHARACTER = 3, /* bytes of one in UTF-8 */ CREDENTIAL_DIGITS = 22 };

_Static_assert(sizeof describing == 64 * CHARACTER + 1, "64 characters that describe");
_Static_assert(sizeof things == 64 * CHARACTER + 1, "64 characters that name things");

Slip slip_make(Coin *coin)
{
    Slip s;
    coin_bytes(coin, s.symbol, sizeof s.symbol);
    for (size_t i = 0; i < SLIP_SYMBOLS; i++)
        s.symbol[i] &= 63;
    return s;
}

void slip_close(Slip *s)
{
    sodium_memzero(s, sizeof *s);
}

/* The check is the first 12 bits of SHA-256("shuping slip|" letters). */
static void symbols(unsigned char out[SLIP_CODE], const Slip *s)
{
    char text[13 + SLIP_SYMBOLS] = "shuping slip|";
    unsigned char h[crypto_hash_sha256_BYTES];
    for (size_t i = 0; i < SLIP_SYMBOLS; i++)
        text[13 + i] = letters[s->symbol[i]];
    crypto_hash_sha256(h, (const unsigned char *)text, sizeof text);
    memcpy(out, s->symbol, SLIP_SYMBOLS);
    out[SLIP_SYMBOLS] = h[0] >> 2;
    out[SLIP_SYMBOLS + 1] = (unsigned char)((h[0] & 3) << 4 | h[1] >> 4);
    sodium_memzero(text, sizeof text);
    sodium_memzero(h, sizeof h);
}

void slip_code(char out[SLIP_CODE], const Slip *s)
{
    unsigned char symbol[SLIP_CODE];
    symbols(symbol, s);
    for (size_t i = 0; i < SLIP_CODE; i++)
        out[i] = letters[symbol[i]];
    sodium_memzero(symbol, sizeof symbol);
}

static const char *list_of(size_t i)
{
    return i % 2 ? things : describing;
}

Str slip_words(Arena *a, const Slip *s)
{
    unsigned char symbol[SLIP_CODE];
    char text[SLIP_CODE * CHARACTER + SLIP_WORDS];
    size_t n = 0;
    symbols(symbol, s);
    for (size_t i = 0; i < SLIP_CODE; i++) {
        if (i && i % 2 == 0)
            text[n++] = ' ';
        memcpy(text + n, list_of(i) + CHARACTER * symbol[i], CHARACTER);
        n += CHARACTER;
    }
    sodium_memzero(symbol, sizeof symbol);
    Str words = arena_str(a, (Str){ text, n });
    sodium_memzero(text, sizeof text);
    return words;
}

static bool is_gap(uint32_t cp)
{
    return cp == ' ' || cp == ',' || cp == '\t' || cp == '\n' || cp == '\r' || cp == 0x3000 ||
           cp == 0x3001 || cp == 0xff0c;
}

/* The place of a typed character in its list; -1 when it stands in none. */
static int symbol_of(size_t at, Str typed, bool words)
{
    if (!words) {
        const char *p = typed.n == 1 && typed.p[0] ? strchr(letters, typed.p[0]) : NULL;
        return p ? (int)(p - letters) : -1;
    }
    const char *list = list_of(at);
    for (int i = 0; i < 64 && typed.n == CHARACTER; i++)
        if (memcmp(list + CHARACTER * i, typed.p, CHARACTER) == 0)
            return i;
    return -1;
}

static bool unknown(size_t at, Str typed, bool words, Err *e)
{
    return err_fail(e, ERR_SLIP_WORD, err_hole("n", words ? at / 2 + 1 : at + 1),
                    err_hole("text", typed));
}

static bool read_symbols(unsigned char out[SLIP_CODE], Str typed, Err *e)
{
    size_t n = 0, bytes;
    uint32_t cp;
    bool words = false;
    for (size_t at = 0; (bytes = str_next(typed, at, &cp)) > 0; at += bytes) {
        Str one = str_sub(typed, at, bytes);
        if (is_gap(cp))
            continue;
        words = n ? words : cp > 127;
        if (n == SLIP_CODE)
            return err_fail(e, ERR_SLIP_LENGTH, err_hole("want", words ? SLIP_WORDS : SLIP_CODE));
        int symbol = symbol_of(n, one, words);
        if (symbol < 0)
            return unknown(n, one, words, e);
        out[n++] = (unsigned char)symbol;
    }
    return n == SLIP_CODE ||
           err_fail(e, ERR_SLIP_LENGTH, err_hole("want", words ? SLIP_WORDS : SLIP_CODE));
}

bool slip_read(Slip *out, Str typed, Err *e)
{
    unsigned char got[SLIP_CODE], want[SLIP_CODE];
    Slip s;
    if (typed.n > SLIP_TEXT_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "票签"), err_hole("max", SLIP_TEXT_MAX));
    if (!read_symbols(got, typed, e))
        return false;
    memcpy(s.symbol, got, SLIP_SYMBOLS);
    symbols(want, &s);
    bool ok = sodium_memcmp(got, want, sizeof got) == 0;
    if (ok)
        *out = s;
    slip_close(&s);
    sodium_memzero(got, sizeof got);
    sodium_memzero(want, sizeof want);
    return ok || err_fail(e, ERR_SLIP_CHECK);
}

/* SHA-256("shuping credential|" letters) as a 256-bit big-endian number, divided by 58 again and
 * again: 22 remainders, 108 bits of which are the slip's. */
void slip_credential(char out[SLIP_CREDENTIAL], const Slip *s)
{
    char text[19 + SLIP_SYMBOLS] = "shuping credential|";
    unsigned char h[crypto_hash_sha256_BYTES];
    size_t n = 0;
    for (size_t i = 0; i < SLIP_SYMBOLS; i++)
        text[19 + i] = letters[s->symbol[i]];
    crypto_hash_sha256(h, (const unsigned char *)text, sizeof text);
    for (size_t k = 0; k < CREDENTIAL_DIGITS; k++) {
        unsigned rest = 0;
        for (size_t i = 0; i < sizeof h; i++) {
            rest = rest << 8 | h[i];
            h[i] = (unsigned char)(rest / 58);
            rest %= 58;
        }
        if (k == 5 || k == 11 || k == 16)
            out[n++] = '-';
        out[n++] = base58[rest];
    }
    sodium_memzero(text, sizeof text);
    sodium_memzero(h, sizeof h);
}

void slip_derive(Scalar *out, Str credential, Str uuid)
{
    unsigned char wide[64];
    crypto_hash_sha256_state h;
    for (size_t half = 0; half < 2; half++) {
        crypto_hash_sha256_init(&h);
        crypto_hash_sha256_update(&h, (const unsigned char *)"derive_credential|", 18);
        crypto_hash_sha256_update(&h, (const unsigned char *)uuid.p, uuid.n);
        crypto_hash_sha256_update(&h, (const unsigned char *)(half ? "|1|" : "|0|"), 3);
        crypto_hash_sha256_update(&h, (const unsigned char *)credential.p, credential.n);
        crypto_hash_sha256_final(&h, wide + 32 * half);
    }
    *out = scalar_wide(wide);
    sodium_memzero(wide, sizeof wide);
    sodium_memzero(&h, sizeof h);
}

void slip_secret(Scalar *out, const Slip *s, Str uuid)
{
    char credential[SLIP_CREDENTIAL];
    slip_credential(credential, s);
    slip_derive(out, (Str){ credential, sizeof credential }, uuid);
    sodium_memzero(credential, sizeof credential);
}
